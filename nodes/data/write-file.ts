import { basename } from 'node:path';
import { z } from 'zod';
import { type DataRecord, defineNode, field, type InputStream, type StepIO, stream } from '../../sdk/index.ts';
import { fieldNamesOf } from './field-names.ts';
import { type FileFormat, formatOf } from './file-rows.ts';

const csvOnly = { param: 'format', is: ['by-name', 'csv'] };

const params = z.strictObject({
  path: field.text({
    label: 'File',
    scope: 'step',
    placeholder: 'exports/orders.csv',
    help: 'A path inside the file area. A file that is there is replaced.',
  }),
  as: field
    .choice(['file', 'attachment'], {
      label: 'Keep it',
      scope: 'step',
      options: [
        { value: 'file', label: 'in the file area' },
        { value: 'attachment', label: 'with the record, to send it on' },
      ],
    })
    .default('file'),
  format: field
    .choice(['by-name', 'csv', 'json', 'ndjson', 'lines'], {
      label: 'Format',
      scope: 'step',
      options: [
        { value: 'by-name', label: 'By the name of the file' },
        { value: 'csv', label: 'CSV' },
        { value: 'json', label: 'JSON' },
        { value: 'ndjson', label: 'NDJSON, one record a line' },
        { value: 'lines', label: 'Text, the field "text" of each record' },
      ],
    })
    .default('by-name'),
  columns: field
    .of(z.array(z.string().min(1)), 'field-names', {
      label: 'Columns',
      scope: 'step',
      help: 'All fields, in the order in which they appear, if left empty.',
    })
    .default([]),
  delimiter: field
    .choice([',', ';', '\t', '|'], {
      label: 'Delimiter',
      scope: 'step',
      showWhen: csvOnly,
      options: [
        { value: ',', label: 'Comma' },
        { value: ';', label: 'Semicolon' },
        { value: '\t', label: 'Tab' },
        { value: '|', label: 'Bar' },
      ],
    })
    .default(','),
  header: field.switch({ label: 'Names in the first row', scope: 'step', showWhen: csvOnly }).default(true),
  forExcel: field
    .switch({
      label: 'For Excel',
      scope: 'step',
      advanced: true,
      showWhen: csvOnly,
      help: 'Marks the file as UTF-8, and keeps texts that begin with = + - @ from being run as formulas.',
    })
    .default(false),
});

type Params = z.output<typeof params>;

const mimes = {
  csv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  text: 'text/plain',
  lines: 'text/plain',
};

export default defineNode(
  {
    type: 'write-file',
    version: 1,
    title: 'Write a file',
    summary: 'Write {path}',
    description:
      'Writes all records into one file, as a stream: it is there whole or not at all. Gives one record about the file.',
    connector: 'data',
    category: 'data',
    keywords: ['csv', 'json', 'export', 'save', 'spreadsheet', 'ndjson', 'download', 'attachment'],
    params,
    effect: 'idempotent',
    examples: [
      {
        title: 'A CSV file',
        params: { path: 'exports/orders.csv' },
        input: [
          { id: 1, name: 'Ann' },
          { id: 2, name: 'Bo, jr.' },
        ],
        output: { records: [{ path: 'exports/orders.csv', records: 2, size: 26 }] },
      },
    ],
  },
  stream(async (io) => {
    const given = io.stepParams();
    const input = io.input();
    const format = formatOf(given.format, given.path);
    const written = await io.call({ start: 0, count: input.count }, () => write(io, given, format));
    if (written !== undefined) await io.emit('records', [written]);
  }),
);

async function write(io: StepIO<Params>, given: Params, format: FileFormat): Promise<DataRecord> {
  const { files } = io.ctx;
  const records = io.input().count;
  const content = contentOf(io.input(), given, format, (done) => io.ctx.progress(done, records));
  if (given.as === 'file') return { path: given.path, records, size: (await files.write(given.path, content)).size };
  return { file: await files.store(content, { name: basename(given.path), mime: mimes[format] }), records };
}

async function* contentOf(
  input: InputStream,
  given: Params,
  format: FileFormat,
  progress: (done: number) => void,
): AsyncGenerator<string> {
  const encode = await encoder(input, given, format);
  if (encode.before !== '') yield encode.before;
  for await (const batch of input.batches()) {
    const text = encode.records(batch.records, batch.start);
    if (text !== '') yield text;
    progress(batch.start + batch.records.length);
  }
  if (encode.after !== '') yield encode.after;
}

interface Encoder {
  readonly before: string;
  readonly records: (records: readonly DataRecord[], start: number) => string;
  readonly after: string;
}

async function encoder(input: InputStream, given: Params, format: FileFormat): Promise<Encoder> {
  if (format === 'csv') return csvEncoder(given.columns.length > 0 ? given.columns : await fieldNamesOf(input), given);
  const pick = picker(given.columns);
  if (format === 'json') {
    const entry = (record: DataRecord, i: number) => `${i === 0 ? '' : ',\n'}${JSON.stringify(pick(record))}`;
    return {
      before: '[\n',
      records: (records, start) => records.map((r, i) => entry(r, start + i)).join(''),
      after: '\n]\n',
    };
  }
  const line =
    format === 'ndjson'
      ? (record: DataRecord) => JSON.stringify(pick(record))
      : (record: DataRecord) => plain(record.text);
  return { before: '', records: (records) => records.map((record) => `${line(record)}\n`).join(''), after: '' };
}

async function csvEncoder(columns: readonly string[], given: Params): Promise<Encoder> {
  const { stringify } = await import('csv-stringify/sync');
  const { delimiter, forExcel } = given;
  const text = (rows: readonly (readonly unknown[])[]) =>
    stringify(rows as unknown[][], { delimiter, escape_formulas: forExcel });
  return {
    before: `${forExcel ? '\uFEFF' : ''}${given.header && columns.length > 0 ? text([columns]) : ''}`,
    records: (records) => text(records.map((record) => columns.map((name) => plain(record[name])))),
    after: '',
  };
}

function picker(columns: readonly string[]): (record: DataRecord) => DataRecord {
  if (columns.length === 0) return (record) => record;
  return (record) => Object.fromEntries(columns.map((name) => [name, record[name] ?? null]));
}

/** A value as text: nothing for null, JSON for lists and objects. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
