import { describe, expect, it } from 'vitest';
import { nodeType as type } from './canvas.fixtures.ts';
import { groupTypes, searchTypes } from './node-search.ts';

const types = [
  type('read-file', { title: 'Read a file', keywords: ['spreadsheet', 'excel', 'csv'] }),
  type('slack.post', {
    title: 'Post a message',
    connector: 'slack',
    category: 'connector',
    keywords: ['text message', 'chat'],
  }),
  type('schedule', { title: 'On a schedule', kind: 'trigger', category: 'trigger', keywords: ['every day', 'cron'] }),
  type('sql.upsert', {
    title: 'Upsert rows',
    connector: 'sql',
    category: 'connector',
    keywords: ['write', 'update or create'],
  }),
];

describe('search for nodes', () => {
  it('finds nodes by what people call things', () => {
    expect(searchTypes(types, 'spreadsheet').map(({ type: name }) => name)).toEqual(['read-file']);
    expect(searchTypes(types, 'Text message')[0]?.type).toBe('slack.post');
    expect(searchTypes(types, 'update').map(({ type: name }) => name)).toEqual(['sql.upsert']);
  });

  it('finds nodes by connector and word beginnings, and prefers those that fit every word', () => {
    expect(searchTypes(types, 'slack mess')[0]?.type).toBe('slack.post');
    expect(searchTypes(types, 'slack rows').map(({ type: name }) => name)).toEqual(['sql.upsert', 'slack.post']);
    expect(searchTypes(types, 'zzz')).toEqual([]);
  });

  it('ranks titles over keywords', () => {
    const both = [type('a', { title: 'Other', keywords: ['sort'] }), type('b', { title: 'Sort' })];
    expect(searchTypes(both, 'sort')[0]?.type).toBe('b');
  });

  it('groups triggers first and connectors by name', () => {
    expect(groupTypes(types).map(({ name }) => name)).toEqual(['Triggers', 'Data', 'Databases', 'Slack']);
  });
});
