import { queryOptions } from '@tanstack/react-query';
import { routes } from '../../spec/api/routes.ts';
import type { Session } from '../../spec/api/session.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { call, send } from './call.ts';
import { ProblemError } from './problem-error.ts';

/** What several pages read; a page's own reads stand in its folder. Keys begin with the collection, for invalidation. */

/** True while a session that was there has ended: the page stays as it is, and the frame asks to sign in again. */
export const signedOutQuery = queryOptions({
  queryKey: ['signed-out'],
  queryFn: () => false,
  initialData: false,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Who is signed in. Whoever was stays in it when the session ends, so that nothing open is closed; see `signedOutQuery`. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ client, queryKey, signal }): Promise<Session> => {
    const session = await call(routes.getSession, {}, { signal });
    const before = client.getQueryData<Session>(queryKey);
    if (session.user !== null || !before?.user) return session;
    client.setQueryData(signedOutQuery.queryKey, true);
    return before;
  },
  staleTime: 60_000,
});

/** Why the server can take nothing on, asked again and again; null when it can, or does not answer, which everything else tells. */
export const readinessQuery = queryOptions({
  queryKey: ['readiness'],
  queryFn: async ({ signal }): Promise<ProblemError | null> => {
    try {
      await send('GET', '/readyz', { signal });
      return null;
    } catch (error) {
      if (error instanceof ProblemError && error.status > 0) return error;
      return null;
    }
  },
  refetchInterval: 15_000,
  staleTime: 0,
  structuralSharing: false,
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

/** The newest run of a workflow as it was when first asked for; null when there was none. */
export const lastRunQuery = (workflow: string) =>
  queryOptions({
    queryKey: ['runs', 'last', workflow],
    queryFn: async ({ signal }) => {
      const { runs } = await call(routes.listRuns, { query: { workflow, limit: 1 } }, { signal });
      return runs[0] ? await call(routes.getRun, { id: runs[0].id }, { signal }) : null;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
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

/** What the columns of these records are like. */
export const profileQuery = (at: RecordsAt) =>
  queryOptions({
    queryKey: ['runs', at.run, 'profile', at.node, at.side, at.port ?? ''],
    queryFn: ({ signal }) =>
      call(
        routes.getProfile,
        { id: at.run, node: at.node, query: { side: at.side, port: at.port, sample: 0 } },
        { signal },
      ),
    staleTime: 60_000,
  });
