import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import type { RunFilter } from './merge-run.ts';

const pageSize = 50;

export const runPagesQuery = ({ workflow, statuses }: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ['runs', 'pages', workflow ?? '', statuses?.join(',') ?? ''],
    queryFn: ({ pageParam, signal }) =>
      call(
        routes.listRuns,
        { query: { workflow, status: statuses?.join(','), cursor: pageParam, limit: pageSize } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.cursor,
    staleTime: 0,
  });

export const runLogQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', id, 'log'],
    queryFn: async ({ signal }) => (await call(routes.getRunLog, { id }, { signal })).lines,
  });
