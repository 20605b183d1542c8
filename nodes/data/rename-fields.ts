import { z } from 'zod';
import { type DataRecord, defineNode, eachPrepared, field, NodeError, setOwnField } from '../../sdk/index.ts';
import { areNames, type Column, Columns } from '../../spec/workflow/columns.ts';

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
  eachPrepared((io) => ({
    act: (record, position) => {
      const { fields } = io.params(record, position);
      const renamed: DataRecord = {};
      for (const name of Object.keys(record)) {
        const now = newName(name, fields);
        if (Object.hasOwn(renamed, now)) throw clash(now);
        setOwnField(renamed, now, record[name]);
      }
      return renamed;
    },
    forColumns: () => (io.variesByRecord ? undefined : (columns) => renamedColumns(columns, io.stepParams().fields)),
  })),
);

function newName(name: string, fields: Readonly<Record<string, string>>): string {
  return Object.hasOwn(fields, name) ? (fields[name] as string) : name;
}

/** `undefined` where two would have the same name. */
function renamedColumns(columns: Columns, fields: Readonly<Record<string, string>>): Columns | undefined {
  const names = columns.names.map((name) => newName(name, fields));
  if (!areNames(names)) return undefined;
  return new Columns(
    columns.count,
    names,
    columns.names.map((name) => ({
      read: () => columns.column(name) as Column,
      valueAt: (row) => columns.valueAt(name, row),
    })),
  );
}

function clash(name: string): NodeError {
  return new NodeError({
    class: 'bad-data',
    code: 'field-taken',
    message: `Two fields of this record would be called "${name}".`,
    remedy: 'Choose another new name, or drop one of the fields before.',
    field: name,
  });
}
