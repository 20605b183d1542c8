import { Center } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Navigate, Outlet, useLocation, useNavigation } from 'react-router';
import { sessionQuery, signedOutQuery } from '../api/queries.ts';
import { SignInAgain } from '../session/SignInAgain.tsx';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { PageLoading } from './PageLoading.tsx';
import { ServerTrouble } from './ServerTrouble.tsx';
import classes from './Shell.module.css';
import { SideNav } from './SideNav.tsx';

/**
 * The frame of every page: navigation at the left, the page beside it. Without a session it leads to sign-in; when the session ends
 * while a page is open, signing in again happens over that page.
 */
export function Shell() {
  const session = useQuery(sessionQuery);
  const location = useLocation();
  const navigation = useNavigation();
  const signedOut = useQuery(signedOutQuery).data;
  if (session.isPending) return <PageLoading />;
  if (!session.data) {
    return (
      <Center h="100dvh" p="md">
        <ProblemNotice
          title="Sluice could not be opened"
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </Center>
    );
  }
  const { user } = session.data;
  if (!user) {
    return <Navigate to={`/sign-in?then=${encodeURIComponent(location.pathname + location.search)}`} replace />;
  }
  return (
    <div className={classes.shell}>
      <a href="#page" className={classes.skip}>
        Skip to the page
      </a>
      <SideNav user={user} />
      <div className={classes.beside}>
        <ServerTrouble />
        <main id="page" className={classes.page} tabIndex={-1} aria-busy={navigation.state === 'loading'}>
          <Suspense>
            <Outlet />
          </Suspense>
        </main>
      </div>
      {signedOut && <SignInAgain user={user} />}
    </div>
  );
}
