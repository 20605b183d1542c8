import { ActionIcon, Button, Code, Group, Table, Text } from '@mantine/core';
import { IconEdit, IconPlus, IconTrash, IconVariable } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import { useMay } from '../session/use-may.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { tellFailure } from '../ui/tell-failure.ts';
import { varsQuery } from './queries.ts';
import { Section } from './Section.tsx';
import classes from './Settings.module.css';
import { VariableDialog } from './VariableDialog.tsx';
import { kindOfVariable, writeVariable } from './variable-text.ts';

/** What the dialog edits: a variable by name, or a new one. */
type Edited = { readonly name: string } | 'new';

export function VariablesSection() {
  const client = useQueryClient();
  const mayEdit = useMay()('variable.edit');
  const vars = useQuery({ ...varsQuery, staleTime: 0 });
  const [edited, setEdited] = useState<Edited>();
  const replace = useMutation({
    mutationFn: (next: Record<string, unknown>) => call(routes.replaceVars, { body: { vars: next } }),
    onSuccess: (answer) => {
      client.setQueryData(varsQuery.queryKey, answer.vars);
      setEdited(undefined);
    },
  });
  const entries = Object.entries(vars.data ?? {}).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  const name = typeof edited === 'object' ? edited.name : undefined;
  const remove = (gone: string) =>
    replace.mutate(Object.fromEntries(entries.filter(([one]) => one !== gone)), {
      onError: tellFailure('The variable was not deleted'),
    });
  return (
    <Section
      title="Variables"
      lead={
        <>
          Values that all workflows can read, such as a region or a limit. In a field they are the pill{' '}
          <Code>$vars.name</Code>. Passwords and keys belong into credentials.
        </>
      }
      action={
        mayEdit && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
            New variable
          </Button>
        )
      }
      pending={vars.isPending}
      error={vars.data ? undefined : vars.error}
      onRetry={() => void vars.refetch()}
    >
      {entries.length === 0 ? (
        <EmptyState icon={<IconVariable size={24} />} title="No variables yet" />
      ) : (
        <div className={classes.frame}>
          <Table horizontalSpacing="md" verticalSpacing="sm" miw={520}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={220}>Name</Table.Th>
                <Table.Th>Value</Table.Th>
                <Table.Th w={110}>Kind</Table.Th>
                {mayEdit && (
                  <Table.Th w={100}>
                    <span className="visually-hidden">Actions</span>
                  </Table.Th>
                )}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {entries.map(([key, value]) => (
                <Table.Tr key={key}>
                  <Table.Td className={classes.value}>{key}</Table.Td>
                  <Table.Td className={classes.value}>
                    {typeof value === 'string' ? value : writeVariable(value)}
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" c="dimmed">
                      {kindOfVariable(value)}
                    </Text>
                  </Table.Td>
                  {mayEdit && (
                    <Table.Td>
                      <Group gap={4} justify="flex-end" wrap="nowrap">
                        <ActionIcon aria-label={`Edit ${key}`} onClick={() => setEdited({ name: key })}>
                          <IconEdit size={17} aria-hidden />
                        </ActionIcon>
                        <ActionIcon
                          aria-label={`Delete ${key}`}
                          disabled={replace.isPending}
                          onClick={() => remove(key)}
                        >
                          <IconTrash size={17} aria-hidden />
                        </ActionIcon>
                      </Group>
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {edited !== undefined && (
        <VariableDialog
          key={name ?? 'new'}
          name={name}
          value={name === undefined ? undefined : vars.data?.[name]}
          taken={new Set(Object.keys(vars.data ?? {}))}
          busy={replace.isPending}
          error={replace.error}
          onSave={(key, value) => replace.mutate({ ...vars.data, [key]: value })}
          onClose={() => {
            replace.reset();
            setEdited(undefined);
          }}
        />
      )}
    </Section>
  );
}
