import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { problemPages } from '../spec/workflow/problem-codes.ts';
import { faultPages } from './fault-pages.ts';

/** Explained with the connectors. */
const elsewhere = new Set(['egress-refused', 'file-gone', 'file-missing', 'file-outside']);

test('every code of the server has a page, no page is left over, and none is also a problem of documents', () => {
  const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));
  const used = new Set(
    sources.flatMap((text) => [...text.matchAll(/code: '([a-z0-9-]+)'/g)].map((match) => match[1] ?? '')),
  );
  for (const code of elsewhere) used.delete(code);
  expect(Object.keys(faultPages).sort()).toEqual([...used].sort());
  expect(Object.keys(faultPages).filter((code) => code in problemPages)).toEqual([]);
});
