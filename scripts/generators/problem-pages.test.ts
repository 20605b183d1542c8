import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate as generatePages } from './problem-pages.ts';
import { generate as generateSchema } from './workflow-schema.ts';

const root = join(import.meta.dirname, '..', '..');

describe('what is generated from spec/workflow', () => {
  it.each(Object.entries({ ...generatePages(), ...generateSchema() }))('%s is up to date', (path, content) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(content);
  });
});
