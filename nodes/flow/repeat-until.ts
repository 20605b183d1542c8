import { z } from 'zod';
import { conditionsTest, defineContainer, field, NodeError, roundFailure } from '../../sdk/index.ts';
import { durationMs } from '../../spec/workflow/duration.ts';

export default defineContainer(
  {
    type: 'repeat-until',
    version: 1,
    title: 'Repeat until',
    summary: 'At most {maxRounds} rounds',
    description:
      'Does what stands inside it again and again, each round with what the one before gave, until the conditions hold for the first record of a round. It fails when they do not hold after the greatest number of rounds.',
    connector: 'flow',
    category: 'flow',
    keywords: ['loop', 'while', 'poll', 'until', 'again', 'retry', 'pages'],
    params: z.strictObject({
      until: field.conditions({
        label: 'Until',
        scope: 'own',
        help: 'Asked of the first record that a round gives; $json is that record.',
      }),
      maxRounds: field.number({ label: 'Rounds at most', scope: 'step', int: true, min: 1, max: 100_000 }),
      delay: field.duration({ label: 'Wait between rounds', placeholder: '30s' }).optional(),
    }),
    outputs: ['results'],
    examples: [
      {
        title: 'Ask for an export until it is ready',
        params: {
          until: { all: [{ left: '={{ $json.status }}', is: 'equals', right: 'ready' }] },
          maxRounds: 20,
          delay: '30s',
        },
      },
    ],
  },
  [],
  async (io) => {
    const { until, maxRounds, delay } = io.stepParams();
    const { rounds } = io;
    const holds = conditionsTest(io, until);
    rounds.start(rounds.first, { start: 0, count: io.input().count });
    for (;;) {
      const end = await rounds.ended();
      const { round, results } = end;
      if (end.status === 'failed') throw roundFailure(end);
      if (holds(results.recordAt(0) ?? {}, 0)) {
        for (const { records, origins } of results.batches()) await io.emit('results', records, origins);
        return;
      }
      if (round + 1 >= maxRounds) throw usedUp(maxRounds);
      await rounds.emitted(round);
      if (delay !== undefined) await io.ctx.suspend({ kind: 'until', at: io.ctx.now() + (durationMs(delay) ?? 0) });
      rounds.start(round + 1, results);
    }
  },
);

function usedUp(maxRounds: number): NodeError {
  return new NodeError({
    class: 'config',
    code: 'rounds-used-up',
    message: `After ${maxRounds} ${maxRounds === 1 ? 'round' : 'rounds'} the conditions do still not hold.`,
    remedy: 'Look at what the last round gave. Allow more rounds, wait longer between them, or mend the conditions.',
  });
}
