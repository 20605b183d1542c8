import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { SessionProblem } from './SessionProblem.tsx';
import { signIn } from './sign-in.ts';

interface Props {
  /** Filled in and fixed when somebody signs in again. */
  readonly email?: string;
  readonly onDone: () => void;
}

export function SignInForm({ email: known, onDone }: Props) {
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const attempt = useMutation({ mutationFn: signIn, onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.mutate({ email, password });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {attempt.error && <SessionProblem error={attempt.error} />}
        <TextInput
          label="E-mail address"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          readOnly={known !== undefined}
          data-autofocus={known === undefined || undefined}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={known !== undefined || undefined}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" mt="xs" fullWidth loading={attempt.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
