import { expect, test } from 'vitest';
import { openapi } from './openapi.ts';
import { routes } from './routes.ts';

const description = openapi('1.0.0');

test('describes every route once', () => {
  const ids = Object.values(description.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
    (operations) => Object.values(operations).map((operation) => operation.operationId),
  );
  expect(ids.sort()).toEqual(Object.keys(routes).sort());
});

test('every reference leads somewhere', () => {
  const text = JSON.stringify(description);
  const schemas = Object.keys((description.components as { schemas: object }).schemas);
  const referenced = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
  expect(referenced.length).toBeGreaterThan(20);
  for (const ref of referenced) expect(schemas.map((name) => `#/components/schemas/${name}`)).toContain(ref);
});

test('says which operations need no session', () => {
  const paths = description.paths as Record<string, Record<string, { security?: unknown[] }>>;
  expect(paths['/session']?.get?.security).toEqual([]);
  expect(paths['/workflows']?.get?.security).toBeUndefined();
});
