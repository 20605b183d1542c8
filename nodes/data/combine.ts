import { z } from 'zod';
import { Breath, defineNode, field, onePass, origin } from '../../sdk/index.ts';
import { readField } from './read-field.ts';

export default defineNode(
  {
    type: 'combine',
    version: 1,
    title: 'Combine into one',
    summary: 'All records as one list in {as}',
    description:
      'Makes one record of all: a list of the records, or of the values of one field. Without records the list is empty.',
    connector: 'data',
    category: 'data',
    keywords: ['collect', 'to list', 'array', 'single record', 'gather', 'implode', 'digest'],
    params: z.strictObject({
      as: field.text({ label: 'Name of the list', scope: 'step' }).default('records'),
      field: field
        .fieldName({ label: 'Only this field', help: 'Lists the values of one field instead of whole records.' })
        .optional(),
    }),
    examples: [
      {
        title: 'All addresses in one record',
        params: { as: 'addresses', field: 'email' },
        input: [{ email: 'a@b.c' }, { email: 'd@e.f' }],
        output: { records: [{ addresses: ['a@b.c', 'd@e.f'] }] },
      },
    ],
  },
  onePass(async (io) => {
    const { as, field: name } = io.stepParams();
    const read = name === undefined ? undefined : readField(name);
    const input = io.input();
    const values: unknown[] = [];
    const breath = new Breath();
    for await (const batch of input.batches()) {
      for (const record of batch.records) {
        values.push(read === undefined ? record : (read(record) ?? null));
        if (breath.due()) await breath.pause();
      }
    }
    await io.emit('records', [{ [as]: values }], [values.map((_, position) => origin(input.slot, position))]);
  }),
);
