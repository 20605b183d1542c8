import { Button, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Role } from '../../spec/api/permission.ts';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { usersQuery } from './queries.ts';
import { RoleChoice } from './RoleChoice.tsx';

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [given, setGiven] = useState({ name: '', email: '', password: '' });
  const [role, setRole] = useState<Role>('editor');
  const [checked, setChecked] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      call(routes.createUser, { body: { ...given, name: given.name.trim(), email: given.email.trim(), role } }),
    onSuccess: ({ name }) => {
      notifications.show({ message: `${name} can sign in now.` });
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: usersQuery.queryKey }),
  });
  const errors = {
    name: given.name.trim() === '' && 'Give a name',
    email: !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(given.email.trim()) && 'Give an e-mail address',
    password: given.password.length < 8 && 'Use at least 8 characters',
  };
  const set = (name: keyof typeof given) => (event: FormEvent<HTMLInputElement>) => {
    const { value } = event.currentTarget;
    setGiven((before) => ({ ...before, [name]: value }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!errors.name && !errors.email && !errors.password) make.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="Invite somebody">
      <form onSubmit={submit} noValidate>
        <Stack>
          {make.error && <ProblemNotice title="The account was not made" error={make.error} />}
          <TextInput
            label="Name"
            autoComplete="off"
            data-autofocus
            value={given.name}
            onChange={set('name')}
            error={checked && errors.name}
          />
          <TextInput
            label="E-mail address"
            type="email"
            autoComplete="off"
            value={given.email}
            onChange={set('email')}
            error={checked && errors.email}
          />
          <PasswordInput
            label="First password"
            description="At least 8 characters. Hand it over yourself; nothing is mailed."
            autoComplete="new-password"
            value={given.password}
            onChange={set('password')}
            error={checked && errors.password}
          />
          <RoleChoice value={role} onChange={setRole} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={make.isPending}>
              Make the account
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
