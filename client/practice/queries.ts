import { queryOptions } from '@tanstack/react-query';
import { practiceApi } from './practice-api.ts';

/** What runs write turns up at once, so nothing here is taken to be fresh. All keys begin with `practice`. */

export const practiceKey = ['practice'] as const;

export const objectsQuery = queryOptions({
  queryKey: ['practice', 'objects'],
  queryFn: async ({ signal }) => (await practiceApi.objects(signal)).objects,
  staleTime: 0,
});

export const recordPageQuery = (object: string, search: string, offset: number, limit: number) =>
  queryOptions({
    queryKey: ['practice', 'records', object, search, offset, limit],
    queryFn: ({ signal }) => practiceApi.records(object, { offset, limit, search }, signal),
    staleTime: 0,
  });

export const channelsQuery = queryOptions({
  queryKey: ['practice', 'channels'],
  queryFn: async ({ signal }) => (await practiceApi.channels(signal)).channels,
  staleTime: 0,
});

export const messagesQuery = (channel: string) =>
  queryOptions({
    queryKey: ['practice', 'messages', channel],
    queryFn: async ({ signal }) => (await practiceApi.messages(channel, signal)).messages,
    staleTime: 0,
  });

export const mailsQuery = queryOptions({
  queryKey: ['practice', 'mails'],
  queryFn: ({ signal }) => practiceApi.mails(signal),
  staleTime: 0,
});

export const mailQuery = (id: number) =>
  queryOptions({ queryKey: ['practice', 'mail', id], queryFn: ({ signal }) => practiceApi.mail(id, signal) });

export const faultsQuery = queryOptions({
  queryKey: ['practice', 'faults'],
  queryFn: ({ signal }) => practiceApi.faults(signal),
  staleTime: 0,
});
