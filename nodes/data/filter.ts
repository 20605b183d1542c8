import { z } from 'zod';
import { defineNode, field, route, splits } from '../../sdk/index.ts';

export default defineNode(
  {
    type: 'filter',
    version: 1,
    title: 'Filter',
    summary: 'Keep records that fit',
    description:
      'Keeps the records for which the conditions hold. The others can be used too: they come out of "dropped".',
    connector: 'data',
    category: 'data',
    keywords: ['where', 'condition', 'remove rows', 'only', 'search', 'exclude'],
    params: z.strictObject({
      conditions: field.conditions({ label: 'Conditions', scope: 'own' }),
    }),
    outputs: ['kept', route('dropped'), 'rejected'],
    examples: [
      {
        title: 'Paid orders',
        params: { conditions: { all: [{ left: '={{ $json.status }}', is: 'equals', right: 'paid' }] } },
        input: [
          { id: 1, status: 'paid' },
          { id: 2, status: 'open' },
        ],
        output: { kept: [{ id: 1, status: 'paid' }], dropped: [{ id: 2, status: 'open' }] },
      },
    ],
  },
  splits('kept', 'dropped'),
);
