import { Anchor, Container, Stack, Text, Title } from '@mantine/core';
import { isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { ProblemNotice } from '../ui/ProblemNotice.tsx';

/** Shown where a page could not be found, loaded or drawn. */
export function PageError() {
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <Container size="sm" py="xl" component="main">
      <Stack>
        {missing ? (
          <>
            <Title order={1} size="h3">
              There is no page at this address
            </Title>
            <Text>It may have been deleted, or the link is not complete.</Text>
          </>
        ) : (
          <ProblemNotice title="This page could not be shown" error={error} onRetry={() => window.location.reload()} />
        )}
        <Anchor component={Link} to="/">
          Go to the home page
        </Anchor>
      </Stack>
    </Container>
  );
}
