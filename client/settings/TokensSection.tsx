import { ActionIcon, Anchor, Button, Code, Table, Text } from '@mantine/core';
import { IconApi, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Token } from '../../spec/api/access.ts';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import { Ago } from '../ui/Ago.tsx';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { tokensQuery } from './queries.ts';
import { roleWords } from './role-words.ts';
import { Section } from './Section.tsx';
import classes from './Settings.module.css';
import { TokenDialog } from './TokenDialog.tsx';

export function TokensSection() {
  const tokens = useQuery({ ...tokensQuery, staleTime: 0 });
  const [making, setMaking] = useState(false);
  return (
    <Section
      title="API tokens"
      lead={
        <>
          With a token another program can do what its role allows: send it as <Code>Authorization: Bearer …</Code>. The{' '}
          <Anchor href="/api/v1/openapi.json" target="_blank" inherit underline="always">
            description of the API
          </Anchor>{' '}
          names every operation.
        </>
      }
      action={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          New token
        </Button>
      }
      pending={tokens.isPending}
      error={tokens.data ? undefined : tokens.error}
      onRetry={() => void tokens.refetch()}
    >
      {tokens.data?.length === 0 ? (
        <EmptyState icon={<IconApi size={24} />} title="No tokens yet" />
      ) : (
        <div className={classes.frame}>
          <Table horizontalSpacing="md" verticalSpacing="sm" miw={680}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th w={140}>Role</Table.Th>
                <Table.Th w={160}>Of</Table.Th>
                <Table.Th w={140}>Made</Table.Th>
                <Table.Th w={140}>Last used</Table.Th>
                <Table.Th w={60}>
                  <span className="visually-hidden">Actions</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {tokens.data?.map((token) => (
                <TokenRow key={token.id} token={token} />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {making && <TokenDialog onClose={() => setMaking(false)} />}
    </Section>
  );
}

function TokenRow({ token }: { token: Token }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => call(routes.deleteToken, { id: token.id }),
    onSuccess: () => setAsking(false),
    onSettled: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  return (
    <Table.Tr>
      <Table.Td fw={500}>{token.name}</Table.Td>
      <Table.Td>{roleWords[token.role].label}</Table.Td>
      <Table.Td>{token.user?.name ?? 'The command line'}</Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed" component="span">
          <Ago at={token.createdAt} />
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed" component="span">
          {token.lastUsedAt === undefined ? 'Never' : <Ago at={token.lastUsedAt} />}
        </Text>
      </Table.Td>
      <Table.Td>
        <ActionIcon aria-label={`Revoke ${token.name}`} onClick={() => setAsking(true)}>
          <IconTrash size={17} aria-hidden />
        </ActionIcon>
        <ConfirmDialog
          opened={asking}
          title={`Revoke “${token.name}”?`}
          action="Revoke the token"
          busy={revoke.isPending}
          error={revoke.error}
          onConfirm={() => revoke.mutate()}
          onClose={() => setAsking(false)}
        >
          <Text size="sm">Programs that use it are refused from now on. It cannot be brought back.</Text>
        </ConfirmDialog>
      </Table.Td>
    </Table.Tr>
  );
}
