import { queryOptions } from '@tanstack/react-query';
import { routes } from '../../spec/api/routes.ts';
import { call } from '../api/call.ts';

export const credentialQuery = (id: string) =>
  queryOptions({
    queryKey: ['credentials', id],
    queryFn: ({ signal }) => call(routes.getCredential, { id }, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
