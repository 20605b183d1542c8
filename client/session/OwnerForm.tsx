import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { SessionProblem } from './SessionProblem.tsx';
import { makeOwner } from './sign-in.ts';

const shortest = 8;

/** The first account of an installation. Nothing else is asked. */
export function OwnerForm({ onDone }: { onDone: () => void }) {
  const [given, setGiven] = useState({ name: '', email: '', password: '' });
  const [checked, setChecked] = useState(false);
  const attempt = useMutation({ mutationFn: makeOwner, onSuccess: onDone });
  const set = (name: keyof typeof given) => (event: FormEvent<HTMLInputElement>) => {
    const { value } = event.currentTarget;
    setGiven((before) => ({ ...before, [name]: value }));
  };
  const errors = {
    name: given.name.trim() === '' && 'Give your name',
    email: !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(given.email.trim()) && 'Give an e-mail address, such as you@example.com',
    password: given.password.length < shortest && `Use at least ${shortest} characters`,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!errors.name && !errors.email && !errors.password) attempt.mutate(given);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {attempt.error && <SessionProblem error={attempt.error} />}
        <TextInput
          label="Name"
          name="name"
          autoComplete="name"
          value={given.name}
          onChange={set('name')}
          error={checked && errors.name}
        />
        <TextInput
          label="E-mail address"
          type="email"
          name="email"
          autoComplete="username"
          value={given.email}
          onChange={set('email')}
          error={checked && errors.email}
        />
        <PasswordInput
          label="Password"
          description={`At least ${shortest} characters`}
          name="password"
          autoComplete="new-password"
          value={given.password}
          onChange={set('password')}
          error={checked && errors.password}
        />
        <Button type="submit" mt="xs" fullWidth loading={attempt.isPending}>
          Make the account
        </Button>
      </Stack>
    </form>
  );
}
