import { z } from 'zod';
import {
  type ContainerIO,
  defineContainer,
  errorFrom,
  field,
  type RoundEnd,
  rejectedRecord,
  roundFailure,
} from '../../sdk/index.ts';

/** Rounds that may be ahead of the one whose results go out next. */
const AHEAD = 256;

const params = z.strictObject({
  batchSize: field.number({ label: 'Records in a round', scope: 'step', int: true, min: 1, max: 100_000 }).default(1),
  parallel: field.number({ label: 'Rounds at once', scope: 'step', int: true, min: 1, max: 1000 }).default(1),
  onItemError: field
    .choice(['stop', 'continue', 'reject'], {
      label: 'When a round fails',
      scope: 'step',
      options: [
        { value: 'stop', label: 'Stop', help: 'No further round is started, and the container fails.' },
        { value: 'continue', label: 'Leave it out', help: 'The other rounds go on; the failed ones are counted.' },
        { value: 'reject', label: 'Reject its records', help: 'They go to "rejected", each with the reason.' },
      ],
    })
    .default('stop'),
});

type Params = z.output<typeof params>;

export default defineContainer(
  {
    type: 'for-each',
    version: 1,
    title: 'For each',
    summary: 'In rounds of {batchSize}, {parallel} at once',
    description:
      'Does what stands inside it once for each record, or for each batch of records. Nodes inside that no edge leads into are given the records of the round; what the last nodes inside give is collected in the order of the records.',
    connector: 'flow',
    category: 'flow',
    keywords: ['loop', 'iterate', 'each', 'batch', 'split in batches', 'repeat'],
    params,
    outputs: ['results', 'rejected'],
    examples: [
      { title: 'One by one', params: {} },
      { title: 'A hundred at a time, four at once', params: { batchSize: 100, parallel: 4, onItemError: 'reject' } },
    ],
  },
  ['batchSize'],
  async (io) => {
    const { batchSize, parallel, onItemError } = io.stepParams();
    const { rounds } = io;
    const total = Math.ceil(io.input().count / batchSize);
    rounds.expect(total);
    const ahead = Math.max(AHEAD, parallel);
    const ends = new Map<number, RoundEnd>();
    let failure: RoundEnd | undefined;
    let next = rounds.first;
    for (let out = rounds.first; out < total; ) {
      while (next < total && !failure && rounds.open < parallel && next < out + ahead) {
        rounds.start(next, { start: next * batchSize, count: batchSize });
        next++;
      }
      if (rounds.open === 0) break;
      const end = await rounds.ended();
      ends.set(end.round, end);
      if (end.status === 'failed' && onItemError === 'stop') failure ??= end;
      for (let done = ends.get(out); done && !failure; done = ends.get(out)) {
        await giveOut(io, done, onItemError);
        ends.delete(out);
        out++;
        await rounds.emitted(out);
      }
      io.ctx.progress(Math.min(out * batchSize, io.input().count), io.input().count);
    }
    if (failure) throw roundFailure(failure);
  },
);

/** Results in the order of the rounds. */
async function giveOut(
  io: ContainerIO<Params>,
  { round, status, results, given, error }: RoundEnd,
  onItemError: Params['onItemError'],
): Promise<void> {
  for (const { records, origins } of results.batches()) await io.emit('results', records, origins);
  if (status === 'succeeded' || !error) return;
  if (onItemError === 'continue') {
    io.ctx.log('warn', `Round ${round + 1} was left out: ${error.message}`);
    return;
  }
  for (const { records, origins } of given.batches()) {
    const rejected = records.map((record) => rejectedRecord(record, errorFrom(error)));
    await io.emit('rejected', rejected, origins);
  }
}
