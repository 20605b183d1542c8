import { queryOptions } from '@tanstack/react-query';
import { routes } from '../../spec/api/routes.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { call } from './call.ts';

/** What several pages read; a page's own reads stand in its folder. Keys begin with the collection, for invalidation. */

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call(routes.getSession, {}, { signal }),
  staleTime: 60_000,
});

/** Node types by name. */
export const nodeTypesQuery = queryOptions({
  queryKey: ['node-types'],
  queryFn: async ({ signal }): Promise<ReadonlyMap<string, NodeType>> => {
    const { nodeTypes } = await call(routes.listNodeTypes, {}, { signal });
    return new Map(nodeTypes.map((type) => [type.type, type]));
  },
  staleTime: Number.POSITIVE_INFINITY,
  structuralSharing: false,
});

export const credentialsQuery = queryOptions({
  queryKey: ['credentials'],
  queryFn: async ({ signal }) => (await call(routes.listCredentials, {}, { signal })).credentials,
});

export const credentialTypesQuery = queryOptions({
  queryKey: ['credential-types'],
  queryFn: async ({ signal }) => (await call(routes.listCredentialTypes, {}, { signal })).credentialTypes,
  staleTime: Number.POSITIVE_INFINITY,
});

export const workflowQuery = (id: string) =>
  queryOptions({
    queryKey: ['workflows', id],
    queryFn: ({ signal }) => call(routes.getWorkflow, { id }, { signal }),
  });

export const samplesQuery = (id: string) =>
  queryOptions({
    queryKey: ['workflows', id, 'samples'],
    queryFn: async ({ signal }) => (await call(routes.getSamples, { id }, { signal })).samples,
  });

export const runsQuery = (filter: { workflow?: string; status?: string; limit?: number; cursor?: string }) =>
  queryOptions({
    queryKey: ['runs', filter],
    queryFn: ({ signal }) => call(routes.listRuns, { query: filter }, { signal }),
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['runs', id],
    queryFn: ({ signal }) => call(routes.getRun, { id }, { signal }),
  });

export const needsYouQuery = queryOptions({
  queryKey: ['needs-you'],
  queryFn: async ({ signal }) => (await call(routes.getNeedsYou, {}, { signal })).items,
});

/** Where records stand: a port of a step of a run. */
export interface RecordsAt {
  readonly run: string;
  readonly node: string;
  readonly side: 'in' | 'out';
  readonly port?: string | undefined;
}

export const recordsQuery = (at: RecordsAt, offset: number, limit: number) =>
  queryOptions({
    queryKey: ['runs', at.run, 'records', at.node, at.side, at.port ?? '', offset, limit],
    queryFn: ({ signal }) =>
      call(
        routes.getRecords,
        { id: at.run, node: at.node, query: { side: at.side, port: at.port, offset, limit } },
        { signal },
      ),
  });
