import { expect, it } from 'vitest';
import { newRunId } from './run-id.ts';

it('makes UUIDs of version 7 that grow with time and never repeat', () => {
  const ids = [0, 1, Date.parse('2026-01-15T12:00:00Z'), Date.parse('2900-01-01T00:00:00Z')].map(newRunId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(ids[2]?.startsWith('019bc186-de00-7')).toBe(true);
  expect(new Set(Array.from({ length: 1000 }, () => newRunId(1))).size).toBe(1000);
});
