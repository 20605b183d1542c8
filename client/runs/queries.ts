import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';
import type { RunFilter } from './merge-run.ts';
import type { Restart } from './use-run-actions.ts';

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

export const restartPreviewQuery = (id: string, { from, newest = false }: Restart) =>
  queryOptions({
    queryKey: ['runs', id, 'restart', from ?? '', newest],
    queryFn: ({ signal }) =>
      call(routes.previewRestart, { id, query: { from, version: newest ? 'newest' : 'same' } }, { signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export const restartFailedQuery = (workflow: string, version: 'same' | 'newest') =>
  queryOptions({
    queryKey: ['runs', 'restart-failed', workflow, version],
    queryFn: ({ signal }) => call(routes.previewRestartFailed, { id: workflow, query: { version } }, { signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
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
