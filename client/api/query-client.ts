import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem-error.ts';

/** Answers that asking again will not change are not asked for again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ProblemError && error.status >= 400 && error.status < 500),
    },
  },
});
