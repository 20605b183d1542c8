import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseWorkflow } from '../../spec/workflow/print.ts';
import type { Problem } from '../../spec/workflow/problem.ts';
import { CommandError } from './exit.ts';

/** Text of a file that a person named; `-` is standard input. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CommandError(`There is no file ${file}.`);
    if (code === 'EISDIR') throw new CommandError(`${file} is a folder; name a workflow file.`);
    throw new CommandError(`${file} cannot be read (${code}).`);
  }
}

/** A workflow file as JSON; a file that is not even JSON comes back as its problems. */
export function readDocument(file: string): { value: unknown } | { problems: Problem[] } {
  const text = readText(file);
  const parsed = parseWorkflow(text);
  if ('document' in parsed) return { value: parsed.document };
  if (parsed.problems.some((problem) => problem.code === 'not-json')) return parsed;
  return { value: JSON.parse(text.replace(/^\ufeff/, '')) };
}

/** Records of a JSON file: a list, or one record. */
export function readInput(file: string): Record<string, unknown>[] {
  let value: unknown;
  try {
    value = JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${basename(file)} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const records = Array.isArray(value) ? value : [value];
  if (records.every((record) => typeof record === 'object' && record !== null && !Array.isArray(record)))
    return records;
  throw new CommandError(`${basename(file)} must hold a record (an object) or a list of records.`);
}
