import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => call(routes.getSettings, {}, { signal }),
});

export const spaceQuery = queryOptions({
  queryKey: ['space'],
  queryFn: ({ signal }) => call(routes.getSpace, {}, { signal }),
  staleTime: 0,
});

export const varsQuery = queryOptions({
  queryKey: ['vars'],
  queryFn: async ({ signal }) => (await call(routes.getVars, {}, { signal })).vars,
});

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: async ({ signal }) => (await call(routes.listUsers, {}, { signal })).users,
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await call(routes.listTokens, {}, { signal })).tokens,
});

export const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam, signal }) => call(routes.getAudit, { query: { cursor: pageParam, limit: 100 } }, { signal }),
  initialPageParam: undefined as number | undefined,
  getNextPageParam: (page) => page.cursor,
  staleTime: 0,
});
