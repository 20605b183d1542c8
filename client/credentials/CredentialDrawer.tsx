import { Center, Drawer, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CredentialMode } from '../../spec/api/credential.ts';
import { credentialTypesQuery } from '../api/queries.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { ChooseCredentialType } from './ChooseCredentialType.tsx';
import { CredentialForm } from './CredentialForm.tsx';
import { credentialQuery } from './queries.ts';

/** What the drawer shows: a credential that is there, or a new one, whose kind may be open yet. */
export type CredentialAsked =
  | { readonly kind: 'open'; readonly id: string; readonly mode?: CredentialMode }
  | { readonly kind: 'new'; readonly type?: string };

interface Props {
  readonly asked: CredentialAsked | undefined;
  readonly onAsk: (asked: CredentialAsked | undefined) => void;
}

export function CredentialDrawer({ asked, onAsk }: Props) {
  const close = () => onAsk(undefined);
  return (
    <Drawer
      opened={asked !== undefined}
      onClose={close}
      position="right"
      size={480}
      title={asked?.kind === 'open' ? 'Credential' : 'New credential'}
    >
      {asked?.kind === 'open' && <Existing key={asked.id} asked={asked} onDone={close} />}
      {asked?.kind === 'new' && <New asked={asked} onAsk={onAsk} onDone={close} />}
    </Drawer>
  );
}

function Existing({ asked, onDone }: { asked: CredentialAsked & { kind: 'open' }; onDone: () => void }) {
  const types = useQuery(credentialTypesQuery);
  const credential = useQuery(credentialQuery(asked.id));
  const error = types.error ?? credential.error;
  if (error) return <ProblemNotice title="The credential could not be opened" error={error} />;
  if (!types.data || !credential.data) return <Waiting />;
  const type = types.data.find((one) => one.type === credential.data.type);
  if (!type) {
    return (
      <ProblemNotice
        title="This kind of credential is not known"
        error={new Error('The connector that it belongs to is not installed.')}
      />
    );
  }
  return (
    <CredentialForm
      type={type}
      credential={credential.data}
      mode={asked.mode ?? credential.data.mode}
      onDone={onDone}
    />
  );
}

function New({
  asked,
  onAsk,
  onDone,
}: {
  asked: CredentialAsked & { kind: 'new' };
  onAsk: Props['onAsk'];
  onDone: () => void;
}) {
  const types = useQuery(credentialTypesQuery);
  if (types.error) return <ProblemNotice title="The kinds of credentials could not be loaded" error={types.error} />;
  if (!types.data) return <Waiting />;
  const type = types.data.find((one) => one.type === asked.type);
  if (!type) {
    return <ChooseCredentialType types={types.data} onChoose={(chosen) => onAsk({ kind: 'new', type: chosen })} />;
  }
  return <CredentialForm key={type.type} type={type} mode="real" onDone={onDone} />;
}

function Waiting() {
  return (
    <Center p="xl">
      <Loader aria-label="Loading the credential" />
    </Center>
  );
}
