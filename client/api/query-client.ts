import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem-error.ts';
import { signedOutQuery } from './queries.ts';

/** The session has ended, or its person was removed: the frame asks to sign in again. */
function noteSignedOut(error: unknown): void {
  if (!(error instanceof ProblemError) || error.status !== 401 || error.code === 'sign-in-refused') return;
  queryClient.setQueryData(signedOutQuery.queryKey, true);
}

/** Answers that asking again will not change are not asked for again. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteSignedOut }),
  mutationCache: new MutationCache({ onError: noteSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ProblemError && error.status >= 400 && error.status < 500),
    },
  },
});
