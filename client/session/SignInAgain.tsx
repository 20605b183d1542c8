import { Anchor, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { User } from '../../spec/api/session.ts';
import { SignInForm } from './SignInForm.tsx';

/** Over the page when the session has ended meanwhile: what is on it stays as it is. */
export function SignInAgain({ user }: { user: User }) {
  const client = useQueryClient();
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} closeOnEscape={false} title="Sign in again">
      <Stack gap="md">
        <Text size="sm">Your session has ended. Sign in to go on where you were; nothing on this page is lost.</Text>
        <SignInForm email={user.email} onDone={() => void client.invalidateQueries()} />
        <Anchor size="sm" href="/sign-in">
          Sign in as somebody else
        </Anchor>
      </Stack>
    </Modal>
  );
}
