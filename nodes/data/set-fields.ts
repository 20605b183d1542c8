import { z } from 'zod';
import { type DataRecord, defineNode, eachPrepared, field, setOwnField } from '../../sdk/index.ts';
import { isRecord } from '../../spec/workflow/record.ts';

export default defineNode(
  {
    type: 'set-fields',
    version: 1,
    title: 'Set fields',
    summary: 'Set {fields}',
    description: 'Adds fields to each record or changes them, with fixed values, columns of earlier steps or formulas.',
    connector: 'data',
    category: 'data',
    keywords: ['edit fields', 'add column', 'calculate', 'formula', 'map', 'change', 'transform', 'assign'],
    params: z.strictObject({
      fields: field.keyValues({ label: 'Fields' }),
      keep: field
        .choice(['all', 'none', 'listed', 'except'], {
          label: 'Other fields',
          scope: 'step',
          options: [
            { value: 'all', label: 'Keep all' },
            { value: 'none', label: 'Drop all' },
            { value: 'listed', label: 'Keep only those listed' },
            { value: 'except', label: 'Keep all but those listed' },
          ],
        })
        .default('all'),
      names: field
        .fieldNames({ label: 'Listed fields', required: true, showWhen: { param: 'keep', is: ['listed', 'except'] } })
        .optional(),
    }),
    outputs: ['records', 'rejected'],
    examples: [
      {
        title: 'A total and a fixed value',
        params: { fields: { total: '={{ $json.price * $json.count }}', currency: 'EUR' } },
        input: [
          { price: 2, count: 3 },
          { price: 5, count: 1 },
        ],
        output: {
          records: [
            { price: 2, count: 3, total: 6, currency: 'EUR' },
            { price: 5, count: 1, total: 5, currency: 'EUR' },
          ],
        },
      },
    ],
  },
  eachPrepared((io) => {
    const { keep, names = [] } = io.stepParams();
    const setFields = io.filler('fields');
    const act = (record: DataRecord, position: number) => {
      const made = kept(record, keep, names);
      setFields(made, record, position);
      return made;
    };
    const { fields } = io.rawParams;
    if (keep !== 'all' || !isRecord(fields)) return { act };
    return { act, set: Object.keys(fields), forColumns: () => io.columnFiller('fields') };
  }),
);

function kept(record: DataRecord, keep: 'all' | 'none' | 'listed' | 'except', names: readonly string[]): DataRecord {
  if (keep === 'all') return { ...record };
  const made: DataRecord = {};
  if (keep === 'none') return made;
  for (const name of Object.keys(record)) {
    if (names.includes(name) === (keep === 'listed')) setOwnField(made, name, record[name]);
  }
  return made;
}
