import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { type Action, can } from '../../spec/api/permission.ts';
import { sessionQuery } from '../api/queries.ts';

/** Whether the person's role allows an action. The server decides; this only keeps what it would refuse out of sight. */
export function useMay(): (action: Action) => boolean {
  const role = useQuery(sessionQuery).data?.user?.role;
  return useCallback((action) => role !== undefined && can(role, action), [role]);
}
