import { Center } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Navigate, Outlet, useLocation, useNavigation } from 'react-router';
import { sessionQuery } from '../api/queries.ts';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';
import { PageLoading } from './PageLoading.tsx';
import classes from './Shell.module.css';
import { SideNav } from './SideNav.tsx';

/** The frame of every page: navigation at the left, the page beside it. Without a session it leads to sign-in. */
export function Shell() {
  const session = useQuery(sessionQuery);
  const location = useLocation();
  const navigation = useNavigation();
  if (session.isPending) return <PageLoading />;
  if (session.error) {
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
  if (!session.data.user) {
    return <Navigate to={`/sign-in?then=${encodeURIComponent(location.pathname + location.search)}`} replace />;
  }
  return (
    <div className={classes.shell}>
      <a href="#page" className={classes.skip}>
        Skip to the page
      </a>
      <SideNav user={session.data.user} />
      <main id="page" className={classes.page} tabIndex={-1} aria-busy={navigation.state === 'loading'}>
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
