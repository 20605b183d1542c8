import { queryOptions } from '@tanstack/react-query';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';

export const workflowListQuery = queryOptions({
  queryKey: ['workflow-list'],
  queryFn: async ({ signal }) => (await call(routes.listWorkflows, {}, { signal })).workflows,
  staleTime: 0,
});

export const startersQuery = queryOptions({
  queryKey: ['starters'],
  queryFn: async ({ signal }) => (await call(routes.listStarters, {}, { signal })).starters,
  staleTime: Number.POSITIVE_INFINITY,
});
