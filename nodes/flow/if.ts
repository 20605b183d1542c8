import { z } from 'zod';
import { conditionsTest, defineNode, field, route, routes } from '../../sdk/index.ts';

const TRUE: readonly string[] = ['true'];
const FALSE: readonly string[] = ['false'];

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
  routes((io) => {
    const holds = conditionsTest(io, io.stepParams().conditions);
    return (record, position) => (holds(record, position) ? TRUE : FALSE);
  }),
);
