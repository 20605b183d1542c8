import { z } from 'zod';
import { type DataRecord, defineNode, each, field } from '../../sdk/index.ts';

export default defineNode(
  {
    type: 'pick-fields',
    version: 1,
    title: 'Pick fields',
    summary: 'Keep only {fields}',
    description:
      'Keeps the fields listed, in that order, and drops all others. A field that a record does not have is null.',
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
  each((record, { fields }) => {
    const picked: DataRecord = {};
    for (const name of fields) picked[name] = Object.hasOwn(record, name) ? record[name] : null;
    return picked;
  }),
);
