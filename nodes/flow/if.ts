import { z } from 'zod';
import { defineNode, field, route, splits } from '../../sdk/index.ts';

export default defineNode(
  {
    type: 'if',
    version: 1,
    title: 'If',
    summary: 'Split by a condition',
    description: 'Sends each record one way if the conditions hold for it, and the other way if not.',
    connector: 'flow',
    category: 'flow',
    keywords: ['condition', 'branch', 'when', 'split', 'decision', 'else'],
    params: z.strictObject({
      conditions: field.conditions({ label: 'Conditions', scope: 'own' }),
    }),
    outputs: [route('true'), route('false'), 'rejected'],
    examples: [
      {
        title: 'Large orders one way, small ones the other',
        params: { conditions: { all: [{ left: '={{ $json.amount }}', is: 'greater-than', right: 1000 }] } },
        input: [{ amount: 1500 }, { amount: 20 }],
        output: { true: [{ amount: 1500 }], false: [{ amount: 20 }] },
      },
    ],
  },
  splits('true', 'false'),
);
