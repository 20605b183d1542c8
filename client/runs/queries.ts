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

/** A record of a run: where it stands. */
export interface TraceAt {
  readonly run: string;
  /** A node, or the very step inside a container. */
  readonly step: string;
  readonly side: 'in' | 'out';
  readonly port: string | undefined;
  /** Position, from 0. */
  readonly index: number;
}

export const traceQuery = ({ run, step, side, port, index }: TraceAt) =>
  queryOptions({
    queryKey: ['runs', run, 'trace', step, side, port ?? '', index],
    queryFn: ({ signal }) => call(routes.getTrace, { id: run, query: { node: step, side, port, index } }, { signal }),
  });
