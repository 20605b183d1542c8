import { z } from 'zod';
import {
  type DataRecord,
  defineNode,
  field,
  isRecordFault,
  type NodeContext,
  NodeError,
  origin,
  rejectedRecord,
  type StepIO,
  stream,
} from '../../sdk/index.ts';
import { isFileValue } from '../../spec/workflow/record.ts';
import { decodeText, encodings, linesOf } from './decode-text.ts';
import { BadRow, type FileRow, fileFormats, formatOf, inBatches } from './file-rows.ts';
import { readCsv } from './read-csv.ts';
import { readJson, readJsonAt, readNdjson } from './read-json.ts';

const csvOnly = { param: 'format', is: ['by-name', 'csv'] };

const params = z.strictObject({
  path: field
    .text({ label: 'File', placeholder: 'imports/orders.csv', help: 'A path inside the file area.' })
    .optional(),
  file: field
    .json({ label: 'File of the record', advanced: true, help: 'A file that came with the record, instead of a path.' })
    .optional(),
  format: field
    .choice(['by-name', ...fileFormats], {
      label: 'Format',
      scope: 'step',
      options: [
        { value: 'by-name', label: 'By the name of the file' },
        { value: 'csv', label: 'CSV' },
        { value: 'json', label: 'JSON' },
        { value: 'ndjson', label: 'NDJSON, one record a line' },
        { value: 'text', label: 'Text as one record' },
        { value: 'lines', label: 'Text, one record a line' },
      ],
    })
    .default('by-name'),
  delimiter: field
    .choice(['detect', ',', ';', '\t', '|'], {
      label: 'Delimiter',
      scope: 'step',
      showWhen: csvOnly,
      options: [
        { value: 'detect', label: 'As the first line has it' },
        { value: ',', label: 'Comma' },
        { value: ';', label: 'Semicolon' },
        { value: '\t', label: 'Tab' },
        { value: '|', label: 'Bar' },
      ],
    })
    .default('detect'),
  header: field.switch({ label: 'First row has the names', scope: 'step', showWhen: csvOnly }).default(true),
  types: field
    .choice(['detect', 'text'], {
      label: 'Values',
      scope: 'step',
      showWhen: csvOnly,
      options: [
        { value: 'detect', label: 'Numbers, true/false and dates where a whole column holds them' },
        { value: 'text', label: 'All as text' },
      ],
    })
    .default('detect'),
  decimal: field
    .choice(['.', ','], {
      label: 'Decimal sign',
      scope: 'step',
      advanced: true,
      showWhen: csvOnly,
      options: [
        { value: '.', label: '1234.5' },
        { value: ',', label: '1.234,5' },
      ],
    })
    .default('.'),
  list: field
    .text({
      label: 'Where the list is',
      scope: 'step',
      advanced: true,
      placeholder: 'data.items',
      showWhen: { param: 'format', is: ['by-name', 'json'] },
    })
    .optional(),
  encoding: field
    .choice(encodings, {
      label: 'Encoding',
      scope: 'step',
      advanced: true,
      options: encodings.map((value) => ({ value, label: value })),
    })
    .default('utf-8'),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'read-file',
    version: 1,
    title: 'Read a file',
    summary: 'Read {path}',
    description:
      'Gives the records of a file, as a stream. Codes with leading zeros and numbers too long for a number stay text. Rows that cannot be read go to "rejected" with their line.',
    connector: 'data',
    category: 'data',
    keywords: ['csv', 'json', 'import', 'spreadsheet', 'excel export', 'load', 'ndjson', 'text file', 'tsv'],
    params,
    outputs: ['records', 'rejected'],
    effect: 'read',
    examples: [
      {
        title: 'A CSV file',
        params: { path: 'orders.csv' },
        output: {
          records: [
            { id: '007', amount: 12.5, paid: true },
            { id: '008', amount: 3, paid: false },
          ],
        },
      },
    ],
  },
  stream(async (io) => {
    const input = io.input();
    let done = 0;
    for await (const batch of input.batches()) {
      for (let i = 0; i < batch.records.length; i++) {
        const record = batch.records[i] as DataRecord;
        const position = batch.start + i;
        try {
          done = await readOne(io, io.params(record, position), origin(input.slot, position), done);
        } catch (error) {
          if (!io.variesByRecord || !isRecordFault(error)) throw error;
          await io.reject(record, position, error);
        }
        if (!io.variesByRecord) return;
      }
    }
  }),
);

async function readOne(io: StepIO<Params>, given: Params, from: number, before: number): Promise<number> {
  const { bytes, name } = await open(given, io.ctx);
  let done = before;
  for await (const rows of inBatches(rowsOf(bytes, name, given))) {
    const records: DataRecord[] = [];
    const bad: DataRecord[] = [];
    for (const row of rows) {
      if (row instanceof BadRow) bad.push(rejectedRow(row));
      else records.push(row);
    }
    if (records.length > 0) await io.emit('records', records, new Array<number>(records.length).fill(from));
    if (bad.length > 0) await io.emit('rejected', bad, new Array<number>(bad.length).fill(from));
    done += rows.length;
    io.ctx.progress(done);
  }
  return done;
}

async function open(
  { path, file }: Params,
  ctx: NodeContext,
): Promise<{ bytes: AsyncIterable<Uint8Array>; name: string }> {
  if (file !== undefined && file !== null) {
    if (isFileValue(file)) return { bytes: await ctx.files.open(file), name: file.$file.name };
    throw new NodeError({
      class: 'bad-data',
      code: 'not-a-file',
      message: 'What was given as the file of the record is no file.',
      remedy: 'Choose a field that holds a file.',
      field: 'File of the record',
    });
  }
  if (path !== undefined) return { bytes: await ctx.files.read(path), name: path };
  throw new NodeError({
    class: 'config',
    code: 'file-not-named',
    message: 'This node does not say which file to read.',
    remedy: 'Fill in the path of a file in the file area.',
    field: 'File',
  });
}

async function* rowsOf(bytes: AsyncIterable<Uint8Array>, name: string, given: Params): AsyncGenerator<FileRow> {
  const text = decodeText(bytes, given.encoding);
  switch (formatOf(given.format, name)) {
    case 'csv':
      return yield* readCsv(text, given);
    case 'ndjson':
      return yield* readNdjson(text);
    case 'json':
      return yield* given.list === undefined ? readJson(text) : await readJsonAt(text, given.list);
    case 'lines':
      for await (const line of linesOf(text)) yield { text: line };
      return;
    default: {
      let whole = '';
      for await (const chunk of text) whole += chunk;
      yield { text: whole };
    }
  }
}

function rejectedRow({ line, text, reason }: BadRow): DataRecord {
  return rejectedRecord(
    { line, text },
    new NodeError({
      class: 'bad-data',
      code: 'file-row-unreadable',
      message: `Line ${line} cannot be read: ${reason}.`,
      remedy: 'Correct the line in the file, and check the delimiter.',
    }),
  );
}
