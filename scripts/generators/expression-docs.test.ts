import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expressionDocs } from './expression-docs.ts';

test('docs/expressions.md is up to date; if not, run npm run generate', () => {
  const page = readFileSync(new URL('../../docs/expressions.md', import.meta.url), 'utf8');
  expect(page).toBe(expressionDocs());
});
