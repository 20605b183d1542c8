import { extname } from 'node:path';
import { type DataRecord, NodeError } from '../../sdk/index.ts';

export const fileFormats = ['csv', 'json', 'ndjson', 'text', 'lines'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** A place in a file that could not be read as a record. */
export class BadRow {
  /** From 1. */
  readonly line: number;
  /** What stands there, shortened. */
  readonly text: string;
  readonly reason: string;

  constructor(line: number, text: string, reason: string) {
    this.line = line;
    this.text = text.length > 500 ? `${text.slice(0, 500)}…` : text;
    this.reason = reason;
  }
}

export type FileRow = DataRecord | BadRow;

const BATCH = 1_000;

/** Gathers rows into batches of about a thousand. */
export async function* inBatches(rows: AsyncIterable<FileRow> | Iterable<FileRow>): AsyncGenerator<FileRow[]> {
  let batch: FileRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

const byExtension: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.txt': 'text',
};

/** The format that was chosen, or the one that the name's ending says. */
export function formatOf(chosen: FileFormat | 'by-name', name: string): FileFormat {
  if (chosen !== 'by-name') return chosen;
  const ending = extname(name).toLowerCase();
  const format = byExtension[ending];
  if (format !== undefined) return format;
  if (['.xlsx', '.xls', '.xlsm', '.ods'].includes(ending)) {
    throw new NodeError({
      class: 'config',
      code: 'file-format-unknown',
      message: `"${name}" is a spreadsheet, which this node does not know.`,
      remedy: 'Save it as CSV in the spreadsheet program, and use that file.',
      field: 'File',
    });
  }
  throw new NodeError({
    class: 'config',
    code: 'file-format-unknown',
    message: `The name "${name}" does not tell what kind of file it is.`,
    remedy: 'Choose the format.',
    field: 'Format',
  });
}

/** A record as it is, and any other value as the field `value`. */
export function asRecord(value: unknown): DataRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as DataRecord) : { value };
}
