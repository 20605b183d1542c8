import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workflow } from '../../spec/workflow/document.ts';
import { parseWorkflow } from '../../spec/workflow/print.ts';

/** The starter workflows of a folder, by id. */
export function readStarters(folder: string): Workflow[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const read = parseWorkflow(readFileSync(join(folder, name), 'utf8'));
      if ('document' in read) return read.document;
      throw new Error(`The starter ${name} is broken: ${read.problems[0]?.message ?? ''}`);
    });
}
