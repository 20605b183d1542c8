import { z } from 'zod';
import { type DataRecord, defineNode, eachPrepared, field, setOwnField } from '../../sdk/index.ts';
import { areNames, type Column, Columns } from '../../spec/workflow/columns.ts';
import { type ReadField, readField } from './read-field.ts';

export default defineNode(
  {
    type: 'pick-fields',
    version: 1,
    title: 'Pick fields',
    summary: 'Keep only {fields}',
    description:
      'Keeps the fields listed, in that order, and drops all others. A path such as Account.Name reaches into a value. A field that a record does not have is null.',
    connector: 'data',
    category: 'data',
    keywords: ['select columns', 'keep', 'drop', 'remove fields', 'columns', 'reorder'],
    params: z.strictObject({
      fields: field.fieldNames({ label: 'Fields' }),
    }),
    outputs: ['records', 'rejected'],
    examples: [
      {
        title: 'Name and address',
        params: { fields: ['name', 'email'] },
        input: [
          { id: 1, email: 'a@b.c', name: 'Ann' },
          { id: 2, name: 'Bo' },
        ],
        output: {
          records: [
            { name: 'Ann', email: 'a@b.c' },
            { name: 'Bo', email: null },
          ],
        },
      },
    ],
  },
  eachPrepared((io) => ({
    act: (record, position) => {
      const picked: DataRecord = {};
      const { fields } = io.params(record, position);
      for (const [name, read] of readersOf(fields)) setOwnField(picked, name, read(record) ?? null);
      return picked;
    },
    forColumns: () => (io.variesByRecord ? undefined : (columns) => pickedColumns(columns, io.stepParams().fields)),
  })),
);

/** `undefined` where a name may lead into nested fields. */
function pickedColumns(columns: Columns, fields: readonly string[]): Columns | undefined {
  if (!areNames(fields)) return undefined;
  const found: Column[] = [];
  for (const name of fields) {
    const column = columns.column(name);
    if (column === undefined && name.includes('.')) return undefined;
    found.push(column ?? new Array<unknown>(columns.count).fill(null));
  }
  return new Columns(columns.count, fields, found);
}

const readers = new WeakMap<readonly string[], readonly (readonly [string, ReadField])[]>();

/** Made once for the step, whose records share one list of fields. */
function readersOf(fields: readonly string[]): readonly (readonly [string, ReadField])[] {
  let made = readers.get(fields);
  if (made === undefined) {
    made = fields.map((name) => [name, readField(name)] as const);
    readers.set(fields, made);
  }
  return made;
}
