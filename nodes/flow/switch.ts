import { z } from 'zod';
import { conditionsTest, defineNode, field, route, routes } from '../../sdk/index.ts';

const OTHERWISE: readonly string[] = ['otherwise'];

export default defineNode(
  {
    type: 'switch',
    version: 1,
    title: 'Switch',
    summary: 'Split into cases',
    description:
      'Sends each record to the case whose conditions hold for it. Records that fit no case go to "otherwise".',
    connector: 'flow',
    category: 'flow',
    keywords: ['case', 'route', 'branch', 'split', 'condition', 'several ways'],
    params: z.strictObject({
      cases: field.list(
        field.group(
          {
            name: field.text({ label: 'Name', scope: 'literal', placeholder: 'Large orders' }),
            conditions: field.conditions({ label: 'Conditions', scope: 'own' }),
          },
          { label: 'Case' },
        ),
        { label: 'Cases', help: 'Each case has an output of its own.' },
      ),
      mode: field
        .choice(['first', 'all'], {
          label: 'Send to',
          scope: 'literal',
          options: [
            { value: 'first', label: 'the first case that fits' },
            { value: 'all', label: 'every case that fits' },
          ],
        })
        .default('first'),
    }),
    outputs: [route('case', { each: 'cases' }), route('otherwise'), 'rejected'],
    examples: [
      {
        title: 'By region',
        params: {
          cases: [
            { name: 'europe', conditions: { all: [{ left: '={{ $json.region }}', is: 'equals', right: 'EU' }] } },
            { name: 'america', conditions: { all: [{ left: '={{ $json.region }}', is: 'in', right: ['US', 'CA'] }] } },
          ],
        },
        input: [{ region: 'EU' }, { region: 'CA' }, { region: 'JP' }],
        output: { europe: [{ region: 'EU' }], america: [{ region: 'CA' }], otherwise: [{ region: 'JP' }] },
      },
    ],
  },
  routes((io) => {
    const { cases, mode } = io.stepParams();
    const tests = cases.map(({ name, conditions }) => ({ ports: [name], holds: conditionsTest(io, conditions) }));
    if (mode === 'first') {
      return { choose: (record, position) => tests.find(({ holds }) => holds(record, position))?.ports ?? OTHERWISE };
    }
    return {
      choose: (record, position) => {
        const fitting = tests.filter(({ holds }) => holds(record, position)).flatMap(({ ports }) => ports);
        return fitting.length > 0 ? fitting : OTHERWISE;
      },
    };
  }),
);
