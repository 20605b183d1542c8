import { Anchor, Group, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { WorkflowNode } from '../../spec/workflow/document.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { credentialsQuery } from '../api/queries.ts';
import { useCanvas, useDocument } from '../canvas/CanvasContext.tsx';
import { setFields } from '../canvas/edits.ts';
import { ConnectorIcon } from '../ui/ConnectorIcon.tsx';

interface Props {
  readonly node: WorkflowNode;
  readonly type: NodeType;
  readonly problem: string | undefined;
}

/** Which account the step connects with. */
export function CredentialPicker({ node, type, problem }: Props) {
  const { documents } = useCanvas();
  const readOnly = useDocument((state) => state.readOnly);
  const credentials = useQuery(credentialsQuery);
  const fitting = (credentials.data ?? []).filter((credential) => type.credentials.includes(credential.type));
  const chosen = fitting.find((credential) => credential.id === node.credential);
  return (
    <div data-field="credential">
      <Select
        label="Credential"
        required={!type.credentialOptional}
        withAsterisk={!type.credentialOptional}
        placeholder={fitting.length === 0 ? 'There is none of this kind yet' : 'Choose an account'}
        data={fitting.map((credential) => ({
          value: credential.id,
          label: credential.mode === 'practice' ? `${credential.name} (practice)` : credential.name,
        }))}
        value={node.credential ?? null}
        clearable={type.credentialOptional === true}
        allowDeselect={false}
        disabled={readOnly}
        leftSection={chosen && <ConnectorIcon connector={chosen.type} size={16} />}
        error={problem ?? (credentials.error ? 'The credentials could not be loaded.' : undefined)}
        onChange={(id) =>
          documents
            .getState()
            .apply(`Change the credential of "${node.name}"`, (document) =>
              setFields(document, node.id, { credential: id ?? undefined }),
            )
        }
      />
      <Group justify="space-between" mt={4}>
        <Text size="xs" c="dimmed">
          {chosen?.mode === 'practice' ? 'Connected to the built-in practice service.' : ''}
        </Text>
        <Anchor component={Link} to={`/credentials?new=${type.credentials[0] ?? ''}`} size="xs" target="_blank">
          New credential
        </Anchor>
      </Group>
    </div>
  );
}
