import { Button, Skeleton, Table } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { credentialModes } from '../../spec/api/credential.ts';
import { credentialsQuery, credentialTypesQuery } from '../api/queries.ts';
import { useMay } from '../session/use-may.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Page } from '../ui/Page.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { type CredentialAsked, CredentialDrawer } from './CredentialDrawer.tsx';
import { CredentialRow } from './CredentialRow.tsx';
import classes from './Credentials.module.css';

/** The accounts that steps connect with. `?new=<type>` and `?open=<id>` open the drawer, so that other pages can lead here. */
export function CredentialsPage() {
  const mayEdit = useMay()('credential.edit');
  const credentials = useQuery({ ...credentialsQuery, staleTime: 0 });
  const types = useQuery(credentialTypesQuery);
  const [search, setSearch] = useSearchParams();
  const asked = mayEdit ? askedIn(search) : undefined;
  const ask = (next: CredentialAsked | undefined) => setSearch(searchOf(next), { replace: true });
  return (
    <Page
      title="Credentials"
      lead="The accounts that steps connect with. Each one that has a practice service can be switched to the real account; workflows stay as they are."
      actions={
        mayEdit && (
          <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => ask({ kind: 'new' })}>
            New credential
          </Button>
        )
      }
    >
      {credentials.isPending && <Skeleton height={220} radius="md" />}
      {credentials.error && !credentials.data && (
        <ProblemNotice
          title="The credentials could not be loaded"
          error={credentials.error}
          onRetry={() => void credentials.refetch()}
        />
      )}
      {credentials.data?.length === 0 && (
        <EmptyState icon={<IconKey size={24} />} title="No credentials yet">
          Steps that read or write another system need an account there.
        </EmptyState>
      )}
      {credentials.data && credentials.data.length > 0 && (
        <div className={classes.frame}>
          <Table verticalSpacing="sm" horizontalSpacing="md" className={classes.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th w={220}>Connects to</Table.Th>
                <Table.Th w={260}>Used by</Table.Th>
                <Table.Th w={200}>Last test</Table.Th>
                <Table.Th w={130}>
                  <span className="visually-hidden">Actions</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {credentials.data.map((credential) => (
                <CredentialRow
                  key={credential.id}
                  credential={credential}
                  type={types.data?.find(({ type }) => type === credential.type)}
                  mayEdit={mayEdit}
                  onOpen={(mode) => ask({ kind: 'open', id: credential.id, ...(mode ? { mode } : {}) })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      <CredentialDrawer asked={asked} onAsk={ask} />
    </Page>
  );
}

function askedIn(search: URLSearchParams): CredentialAsked | undefined {
  const id = search.get('open');
  const mode = credentialModes.find((one) => one === search.get('mode'));
  if (id) return { kind: 'open', id, ...(mode ? { mode } : {}) };
  const type = search.get('new');
  if (type === null) return undefined;
  return type === '' ? { kind: 'new' } : { kind: 'new', type };
}

function searchOf(asked: CredentialAsked | undefined): Record<string, string> {
  if (!asked) return {};
  if (asked.kind === 'new') return { new: asked.type ?? '' };
  return { open: asked.id, ...(asked.mode ? { mode: asked.mode } : {}) };
}
