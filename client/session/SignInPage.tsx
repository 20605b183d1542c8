import { Center } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, useSearchParams } from 'react-router';
import { sessionQuery } from '../api/queries.ts';
import { PageLoading } from '../app/PageLoading.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import { OwnerForm } from './OwnerForm.tsx';
import { SessionFrame } from './SessionFrame.tsx';
import { SignInForm } from './SignInForm.tsx';
import { safePath } from './safe-path.ts';

/** Sign-in, or on the first start the owner's account. Afterwards the page that was asked for. */
export function SignInPage() {
  usePageTitle('Sign in');
  const client = useQueryClient();
  const [search] = useSearchParams();
  const session = useQuery(sessionQuery);
  const onDone = () => void client.invalidateQueries();
  if (session.isPending) return <PageLoading />;
  if (session.error) {
    return (
      <Center h="100dvh" p="md" component="main">
        <ProblemNotice
          title="Sluice could not be opened"
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </Center>
    );
  }
  if (session.data.user) return <Navigate to={safePath(search.get('then'))} replace />;
  if (session.data.needsOwner) {
    return (
      <SessionFrame
        title="Make the owner account"
        lead="It belongs to whoever looks after this installation, and can invite the others."
      >
        <OwnerForm onDone={onDone} />
      </SessionFrame>
    );
  }
  return (
    <SessionFrame title="Sign in">
      <SignInForm onDone={onDone} />
    </SessionFrame>
  );
}
