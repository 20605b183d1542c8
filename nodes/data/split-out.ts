import { z } from 'zod';
import { type DataRecord, defineNode, each, field, NodeError } from '../../sdk/index.ts';
import { readField } from './read-field.ts';

export default defineNode(
  {
    type: 'split-out',
    version: 1,
    title: 'Split out a list',
    summary: 'One record for each entry of {field}',
    description:
      'Makes one record for each entry of a list field. Records whose list is empty or missing give none, unless they are to be kept.',
    connector: 'data',
    category: 'data',
    keywords: ['explode', 'unnest', 'flatten', 'item lists', 'expand', 'rows from list', 'loop'],
    params: z.strictObject({
      field: field.fieldName({ label: 'List' }),
      keep: field
        .choice(['all', 'none'], {
          label: 'Other fields',
          scope: 'step',
          options: [
            { value: 'all', label: 'Repeat them in each record' },
            { value: 'none', label: 'Leave them out', help: 'An entry that is an object is then the record itself.' },
          ],
        })
        .default('all'),
      as: field
        .text({ label: 'Name of the entry', scope: 'step', advanced: true, help: 'That of the list if left empty.' })
        .optional(),
      keepEmpty: field.switch({ label: 'Keep records without entries', scope: 'step', advanced: true }).default(false),
    }),
    outputs: ['records', 'rejected'],
    examples: [
      {
        title: 'Order lines',
        params: { field: 'lines' },
        input: [
          { id: 1, lines: [{ sku: 'a' }, { sku: 'b' }] },
          { id: 2, lines: [] },
        ],
        output: {
          records: [
            { id: 1, lines: { sku: 'a' } },
            { id: 1, lines: { sku: 'b' } },
          ],
        },
      },
      {
        title: 'The entries alone',
        params: { field: 'lines', keep: 'none' },
        input: [{ id: 1, lines: [{ sku: 'a' }, { sku: 'b' }] }],
        output: { records: [{ sku: 'a' }, { sku: 'b' }] },
      },
    ],
  },
  each((record, { field: name, keep, as = name, keepEmpty }) => {
    const list = readField(name)(record) ?? [];
    if (!Array.isArray(list)) throw notAList(name);
    const rest = keep === 'all' ? without(record, name) : {};
    if (list.length === 0) return keepEmpty ? { ...rest, [as]: null } : null;
    return list.map((entry: unknown): DataRecord => {
      if (keep === 'none' && as === name && isObject(entry)) return entry;
      return as === name && Object.hasOwn(record, name) && keep === 'all'
        ? { ...record, [name]: entry ?? null }
        : { ...rest, [as]: entry ?? null };
    });
  }),
);

function without(record: DataRecord, name: string): DataRecord {
  const { [name]: _, ...rest } = record;
  return rest;
}

function isObject(value: unknown): value is DataRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notAList(name: string): NodeError {
  return new NodeError({
    class: 'bad-data',
    code: 'not-a-list',
    message: `${name} of this record is not a list.`,
    remedy: 'Choose a field that holds a list, or make one of it before.',
    field: name,
  });
}
