import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { routes } from '../../spec/api/routes.ts';
import type { User } from '../../spec/api/session.ts';
import { call } from '../api/call.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';

export function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const set = useMutation({
    mutationFn: () => call(routes.changeUser, { id: user.id, body: { password } }),
    onSuccess: () => {
      notifications.show({ message: `${user.name} signs in with the new password from now on.` });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password.length >= 8) set.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={`New password for ${user.name}`}>
      <form onSubmit={submit}>
        <Stack>
          {set.error && <ProblemNotice title="The password was not set" error={set.error} />}
          <Text size="sm">They are signed out everywhere and sign in with the new password.</Text>
          <PasswordInput
            label="New password"
            description="At least 8 characters"
            autoComplete="new-password"
            data-autofocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={set.isPending} disabled={password.length < 8}>
              Set the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
