import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workflow } from '../../spec/workflow/document.ts';
import { parseWorkflow } from '../../spec/workflow/print.ts';

/** Told first, in this order: from the plainest story to the most particular. */
const FIRST = ['warehouse-sync.json', 'lead-scores.json', 'guarded-import.json'];

/** The starter workflows of a folder. */
export function readStarters(folder: string): Workflow[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map((name) => {
      const read = parseWorkflow(readFileSync(join(folder, name), 'utf8'));
      if ('document' in read) return read.document;
      throw new Error(`The starter ${name} is broken: ${read.problems[0]?.message ?? ''}`);
    });
}

function place(name: string): number {
  const found = FIRST.indexOf(name);
  return found < 0 ? FIRST.length : found;
}
