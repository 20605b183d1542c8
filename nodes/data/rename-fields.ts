import { z } from 'zod';
import { type DataRecord, defineNode, each, field, NodeError, setOwnField } from '../../sdk/index.ts';

export default defineNode(
  {
    type: 'rename-fields',
    version: 1,
    title: 'Rename fields',
    summary: 'Rename {fields}',
    description: 'Gives fields other names. Their order and values stay, and so do fields that are not listed.',
    connector: 'data',
    category: 'data',
    keywords: ['rename', 'columns', 'headers', 'relabel', 'keys'],
    params: z.strictObject({
      fields: field.renames({ label: 'Fields', help: 'The present name, and the new one.' }),
    }),
    outputs: ['records', 'rejected'],
    examples: [
      {
        title: 'English names',
        params: { fields: { Betrag: 'amount' } },
        input: [{ id: 1, Betrag: 5 }, { id: 2 }],
        output: { records: [{ id: 1, amount: 5 }, { id: 2 }] },
      },
    ],
  },
  each((record, { fields }) => {
    const renamed: DataRecord = {};
    for (const name of Object.keys(record)) {
      const now = Object.hasOwn(fields, name) ? (fields[name] as string) : name;
      if (Object.hasOwn(renamed, now)) throw clash(now);
      setOwnField(renamed, now, record[name]);
    }
    return renamed;
  }),
);

function clash(name: string): NodeError {
  return new NodeError({
    class: 'bad-data',
    code: 'field-taken',
    message: `Two fields of this record would be called "${name}".`,
    remedy: 'Choose another new name, or drop one of the fields before.',
    field: name,
  });
}
