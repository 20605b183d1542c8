import { ActionIcon, Anchor, Button, Popover, SegmentedControl, Table, Text, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CredentialMode, CredentialSummary, CredentialType } from '../../spec/api/credential.ts';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import { asProblem } from '../api/problem-error.ts';
import { credentialsQuery } from '../api/queries.ts';
import { Ago } from '../ui/Ago.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { countOf } from '../ui/format.ts';
import { StatusBadge } from '../ui/StatusBadge.tsx';
import { tellFailure } from '../ui/tell-failure.ts';
import { CredentialIcon } from './CredentialIcon.tsx';
import classes from './Credentials.module.css';

interface Props {
  readonly credential: CredentialSummary;
  readonly type: CredentialType | undefined;
  readonly mayEdit: boolean;
  /** Opens it, with the mode that was asked for. */
  readonly onOpen: (mode?: CredentialMode) => void;
}

export function CredentialRow({ credential, type, mayEdit, onOpen }: Props) {
  const { id, name, mode, usedBy, lastTest } = credential;
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: credentialsQuery.queryKey });
  const test = useMutation({
    mutationFn: () => call(routes.testCredential, { id }),
    onError: tellFailure(`“${name}” could not be tested`),
    onSettled: refresh,
  });
  const change = useMutation({
    mutationFn: (next: CredentialMode) => call(routes.changeCredential, { id, body: { mode: next } }),
    onSuccess: () => test.mutate(),
    onError: (error) => {
      // The real account has to be filled in first.
      if (asProblem(error).code === 'credential-incomplete') onOpen('real');
      else tellFailure(`“${name}” was not switched`)(error);
    },
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => call(routes.deleteCredential, { id }),
    onSuccess: () => setAsking(false),
    onSettled: refresh,
  });
  return (
    <Table.Tr>
      <Table.Td>
        <div className={classes.name}>
          <CredentialIcon type={credential.type} connector={type?.connector} size={22} />
          <div>
            {mayEdit ? (
              <Anchor component="button" type="button" fw={600} c="var(--mantine-color-text)" onClick={() => onOpen()}>
                {name}
              </Anchor>
            ) : (
              <Text fw={600}>{name}</Text>
            )}
            <Text size="xs" c="dimmed">
              {type?.title ?? credential.type}
            </Text>
          </div>
        </div>
      </Table.Td>
      <Table.Td>
        {type?.practice ? (
          <SegmentedControl
            size="xs"
            aria-label={`What ${name} connects to`}
            disabled={!mayEdit || change.isPending}
            data={[
              { value: 'practice', label: 'Practice' },
              { value: 'real', label: 'Real account' },
            ]}
            value={mode}
            onChange={(next) => change.mutate(next as CredentialMode)}
          />
        ) : (
          <Text size="sm" c="dimmed">
            Real account
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <UsedBy usedBy={usedBy} />
      </Table.Td>
      <Table.Td>
        <div className={classes.test}>
          {test.isPending ? (
            <StatusBadge status="running" word="Connecting" />
          ) : lastTest ? (
            <Tooltip label={[lastTest.message, lastTest.remedy].filter(Boolean).join(' ')}>
              <span>
                <StatusBadge status={lastTest.ok ? 'succeeded' : 'failed'} word={lastTest.ok ? 'Works' : 'Failed'} />{' '}
                <Text size="xs" c="dimmed" span>
                  <Ago at={lastTest.at} />
                </Text>
              </span>
            </Tooltip>
          ) : (
            <Text size="sm" c="dimmed" span>
              Not tested
            </Text>
          )}
        </div>
      </Table.Td>
      <Table.Td ta="right">
        {mayEdit && (
          <div className={classes.test} style={{ justifyContent: 'flex-end' }}>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Test ${name}`}
              loading={test.isPending}
              onClick={() => test.mutate()}
            >
              Test
            </Button>
            <ActionIcon aria-label={`Delete ${name}`} onClick={() => setAsking(true)}>
              <IconTrash size={17} aria-hidden />
            </ActionIcon>
            <ConfirmDialog
              opened={asking}
              title={`Delete “${name}”?`}
              action="Delete the credential"
              busy={remove.isPending}
              error={remove.error}
              onConfirm={() => remove.mutate()}
              onClose={() => {
                remove.reset();
                setAsking(false);
              }}
            >
              <Text size="sm" ta="start">
                {usedBy.length > 0
                  ? `It is used by ${usedBy.map((workflow) => `“${workflow.name}”`).join(', ')}. Choose another credential there first.`
                  : 'Its values cannot be brought back.'}
              </Text>
            </ConfirmDialog>
          </div>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function UsedBy({ usedBy }: Pick<CredentialSummary, 'usedBy'>) {
  const [only] = usedBy;
  if (!only) {
    return (
      <Text size="sm" c="dimmed">
        No workflow
      </Text>
    );
  }
  if (usedBy.length === 1) {
    return (
      <Anchor component={Link} to={`/workflows/${only.id}`} size="sm">
        {only.name}
      </Anchor>
    );
  }
  return (
    <Popover position="bottom-start" withArrow>
      <Popover.Target>
        <Anchor component="button" type="button" size="sm">
          {countOf(usedBy.length, 'workflow')}
        </Anchor>
      </Popover.Target>
      <Popover.Dropdown>
        {usedBy.map((workflow) => (
          <div key={workflow.id}>
            <Anchor component={Link} to={`/workflows/${workflow.id}`} size="sm">
              {workflow.name}
            </Anchor>
          </div>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
