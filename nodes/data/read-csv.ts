import { Readable } from 'node:stream';
import { type DataRecord, NodeError, setOwnField } from '../../sdk/index.ts';
import { type Decimal, detectColumns, type ReadValue } from './column-types.ts';
import { BadRow, type FileRow } from './file-rows.ts';

interface CsvOptions {
  /** 'detect' takes the one that the first line has most of. */
  readonly delimiter: string;
  readonly header: boolean;
  readonly types: 'detect' | 'text';
  readonly decimal: Decimal;
}

/** Rows looked at before the types of the columns are settled. */
const SAMPLE = 1_000;

/** Records of a CSV file, in its order. Empty values are null; a row with more or fewer values than columns is a bad row. */
export async function* readCsv(chunks: AsyncIterable<string>, options: CsvOptions): AsyncGenerator<FileRow> {
  const { parse } = await import('csv-parse');
  const { delimiter, text } = await settleDelimiter(chunks, options.delimiter);
  const input = Readable.from(text);
  const parser = parse({ delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, info: true });
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    yield* typed(parser as AsyncIterable<ParsedRow>, options);
  } catch (error) {
    throw asNodeError(error);
  } finally {
    input.destroy();
    parser.destroy();
  }
}

interface ParsedRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

async function* typed(rows: AsyncIterable<ParsedRow>, options: CsvOptions): AsyncGenerator<FileRow> {
  let names: readonly string[] | undefined;
  let readers: readonly ReadValue[] | undefined;
  let waiting: ParsedRow[] = [];
  const settle = () => {
    const fitting = waiting.map((row) => row.record).filter((values) => values.length === names?.length);
    readers = options.types === 'detect' ? detectColumns(fitting, names?.length ?? 0, options.decimal) : [];
  };
  for await (const row of rows) {
    if (names === undefined) {
      names = namesOf(row.record, options.header);
      if (options.header) continue;
    }
    if (readers !== undefined) {
      yield rowOf(row, names, readers);
      continue;
    }
    waiting.push(row);
    if (waiting.length < SAMPLE) continue;
    settle();
    for (const early of waiting) yield rowOf(early, names, readers ?? []);
    waiting = [];
  }
  if (waiting.length === 0) return;
  settle();
  for (const early of waiting) yield rowOf(early, names ?? [], readers ?? []);
}

function rowOf({ record: values, info }: ParsedRow, names: readonly string[], readers: readonly ReadValue[]): FileRow {
  if (values.length !== names.length) {
    return new BadRow(
      info.lines,
      values.join(' | '),
      `It has ${values.length} values; there are ${names.length} columns`,
    );
  }
  const record: DataRecord = {};
  for (let i = 0; i < names.length; i++) {
    const text = values[i] as string;
    setOwnField(record, names[i] as string, text === '' ? null : (readers[i]?.(text) ?? text));
  }
  return record;
}

/** Names of the columns: never empty, never the same twice. */
function namesOf(first: readonly string[], header: boolean): string[] {
  const taken = new Set<string>();
  return first.map((text, i) => {
    const wanted = (header ? text.trim() : '') || `column ${i + 1}`;
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  });
}

async function settleDelimiter(
  chunks: AsyncIterable<string>,
  chosen: string,
): Promise<{ delimiter: string; text: AsyncIterable<string> }> {
  if (chosen !== 'detect') return { delimiter: chosen, text: chunks };
  const iterator = chunks[Symbol.asyncIterator]();
  let head = '';
  while (!head.includes('\n')) {
    const next = await iterator.next();
    if (next.done) break;
    head += next.value;
  }
  const line = (head.split('\n', 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((mark) => ({ mark, count: line.split(mark).length }));
  const best = counts.reduce((a, b) => (b.count > a.count ? b : a));
  async function* whole() {
    if (head !== '') yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { delimiter: best.mark, text: whole() };
}

function asNodeError(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || !code.startsWith('CSV_')) return error;
  const lines = (error as { lines?: number }).lines;
  return new NodeError({
    class: 'config',
    code: 'file-unreadable',
    message: `The file cannot be read as CSV${lines === undefined ? '' : `, from about line ${lines}`}: ${code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quotation mark is never closed' : (error as Error).message}.`,
    remedy: 'Look at that line, and check the delimiter and the encoding.',
    cause: error,
  });
}
