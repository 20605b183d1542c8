import { ActionIcon, Button, Select, Table, Text } from '@mantine/core';
import { IconTrash, IconUserPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Role, roles } from '../../spec/api/permission.ts';
import { routes } from '../../spec/api/routes.ts';
import type { User } from '../../spec/api/session.ts';
import { call } from '../api/call.ts';
import { sessionQuery } from '../api/queries.ts';
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx';
import { formatDateTime } from '../ui/format.ts';
import { tellFailure } from '../ui/tell-failure.ts';
import { InviteDialog } from './InviteDialog.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';
import { usersQuery } from './queries.ts';
import { roleWords } from './role-words.ts';
import { Section } from './Section.tsx';
import classes from './Settings.module.css';

export function UsersSection() {
  const users = useQuery({ ...usersQuery, staleTime: 0 });
  const [inviting, setInviting] = useState(false);
  return (
    <Section
      title="Users"
      lead="Who can sign in, and what they may do. You make the account and hand over its password."
      action={
        <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>
          Invite somebody
        </Button>
      }
      pending={users.isPending}
      error={users.data ? undefined : users.error}
      onRetry={() => void users.refetch()}
    >
      <div className={classes.frame}>
        <Table horizontalSpacing="md" verticalSpacing="sm" miw={720}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th w={200}>Role</Table.Th>
              <Table.Th w={220}>Since</Table.Th>
              <Table.Th w={180}>
                <span className="visually-hidden">Actions</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {users.data?.map((user) => (
              <UserRow key={user.id} user={user} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </Section>
  );
}

function UserRow({ user }: { user: User & { createdAt: number } }) {
  const client = useQueryClient();
  const me = useQuery(sessionQuery).data?.user?.id;
  const [asking, setAsking] = useState(false);
  const [changing, setChanging] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: usersQuery.queryKey });
  const change = useMutation({
    mutationFn: (role: Role) => call(routes.changeUser, { id: user.id, body: { role } }),
    onError: tellFailure(`The role of ${user.name} was not changed`),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => call(routes.deleteUser, { id: user.id }),
    onSuccess: () => setAsking(false),
    onSettled: refresh,
  });
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500}>
          {user.name}
          {user.id === me && ' (you)'}
        </Text>
        <Text size="xs" c="dimmed">
          {user.email}
        </Text>
      </Table.Td>
      <Table.Td>
        {user.id === me ? (
          <Text size="sm" title="Nobody changes their own role">
            {roleWords[user.role].label}
          </Text>
        ) : (
          <Select
            size="xs"
            aria-label={`Role of ${user.name}`}
            allowDeselect={false}
            disabled={change.isPending}
            title={roleWords[user.role].may}
            data={roles.map((role) => ({ value: role, label: roleWords[role].label }))}
            value={user.role}
            onChange={(role) => role && change.mutate(role)}
          />
        )}
      </Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {formatDateTime(user.createdAt)}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Button size="compact-sm" variant="default" onClick={() => setChanging(true)}>
          Set password
        </Button>
        {user.id !== me && (
          <ActionIcon aria-label={`Remove ${user.name}`} ms="xs" onClick={() => setAsking(true)}>
            <IconTrash size={17} aria-hidden />
          </ActionIcon>
        )}
        {changing && <PasswordDialog user={user} onClose={() => setChanging(false)} />}
        <ConfirmDialog
          opened={asking}
          title={`Remove ${user.name}?`}
          action="Remove the user"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => {
            remove.reset();
            setAsking(false);
          }}
        >
          <Text size="sm" ta="start">
            {user.name} is signed out at once, and their API tokens end. Workflows and what they did stay.
          </Text>
        </ConfirmDialog>
      </Table.Td>
    </Table.Tr>
  );
}
