import { z } from 'zod';
import {
  type DataRecord,
  defineNode,
  field,
  isRecordFault,
  NodeError,
  origin,
  type StepIO,
  stream,
} from '../../sdk/index.ts';

const params = z.strictObject({
  workflow: field.text({
    label: 'Workflow',
    scope: 'step',
    help: 'Its id. The published version is run.',
    placeholder: 'enrich-orders',
  }),
  input: field
    .keyValues({ label: 'Input', help: 'The record that it starts with; the incoming record if left empty.' })
    .optional(),
  each: field.switch({ label: 'One run for each record', scope: 'step' }).default(false),
  waitForIt: field
    .switch({
      label: 'Wait for the result',
      scope: 'step',
      help: 'Whether it waits or not: when this run is cancelled, so are the runs that it started and that have not ended.',
    })
    .default(true),
});

type Params = z.output<typeof params>;

/** A run that was started, and the input positions that it got. */
interface Started {
  readonly runId: string;
  readonly origins: readonly number[];
  readonly record: DataRecord;
  readonly position: number;
}

export default defineNode(
  {
    type: 'run-workflow',
    version: 1,
    title: 'Run a workflow',
    summary: 'Run {workflow}',
    description: 'Starts another published workflow with these records, and gives what it gives at its end.',
    connector: 'flow',
    category: 'flow',
    keywords: ['sub-workflow', 'call', 'execute workflow', 'start', 'trigger another'],
    params,
    outputs: ['records', 'rejected'],
    effect: 'idempotent',
    examples: [{ title: 'Hand the orders over', params: { workflow: 'enrich-orders' }, input: [{ id: 1 }, { id: 2 }] }],
  },
  stream(async (io) => {
    const { each, waitForIt } = stepSettings(io);
    const started = each ? await startEach(io) : await startOne(io);
    for (const run of started) {
      if (waitForIt) await emitResult(io, run);
      else await io.emit('records', [{ ...run.record, _run: run.runId }], [run.origins]);
    }
  }),
);

function stepSettings(io: StepIO<Params>): Pick<Params, 'workflow' | 'each' | 'waitForIt'> {
  const { workflow, each, waitForIt } = io.stepParams();
  return { workflow, each, waitForIt };
}

async function startOne(io: StepIO<Params>): Promise<Started[]> {
  const records: DataRecord[] = [];
  const origins: number[] = [];
  for await (const { given, from } of givenRecords(io)) {
    records.push(given);
    origins.push(from);
  }
  if (records.length === 0) return [];
  const { workflow } = stepSettings(io);
  const count = io.input().count;
  const runId = await io.call({ start: 0, count }, (key) => io.ctx.startRun(workflow, records, key));
  return [{ runId: known(runId), origins, record: {}, position: 0 }];
}

async function startEach(io: StepIO<Params>): Promise<Started[]> {
  const started: Started[] = [];
  const { workflow } = stepSettings(io);
  for await (const { record, position, given, from } of givenRecords(io)) {
    const runId = await io.call({ start: position, count: 1 }, (key) => io.ctx.startRun(workflow, [given], key));
    started.push({ runId: known(runId), origins: [from], record, position });
    io.ctx.progress(position + 1, io.input().count);
  }
  return started;
}

/** The same key never starts two runs, so a call that is made again after a crash gives the run that is there. */
function known(runId: string | undefined): string {
  if (runId === undefined) throw new Error('A call that may be repeated has no result');
  return runId;
}

/** What each record gives the other workflow; records whose input cannot be made are rejected. */
async function* givenRecords(io: StepIO<Params>) {
  const input = io.input();
  for await (const batch of input.batches()) {
    for (const [i, record] of batch.records.entries()) {
      const position = batch.start + i;
      try {
        const given = io.params(record, position).input ?? record;
        yield { record, position, given, from: origin(input.slot, position) };
      } catch (error) {
        if (!isRecordFault(error)) throw error;
        await io.reject(record, position, error);
      }
    }
  }
}

function endWords({ status, why }: { readonly status: string; readonly why?: string }): string {
  if (status === 'cancelled') return 'was cancelled.';
  return why === undefined ? 'failed.' : `failed: ${why}`;
}

async function emitResult(io: StepIO<Params>, run: Started): Promise<void> {
  const outcome = await io.ctx.suspend({ kind: 'run', runId: run.runId });
  if (outcome.kind !== 'finished') throw new Error(`A run's wait ended with ${outcome.kind}`);
  if (outcome.status === 'succeeded') {
    await io.emit(
      'records',
      outcome.output,
      outcome.output.map(() => run.origins),
    );
    return;
  }
  const { each, workflow } = stepSettings(io);
  const failure = new NodeError({
    class: 'bad-data',
    code: 'workflow-failed',
    message: `The run of "${workflow}" ${endWords(outcome)}`,
    remedy: 'Open that run to see what happened, and restart it or this step.',
    details: { runId: run.runId },
  });
  if (!each) throw failure;
  await io.reject(run.record, run.position, failure);
}
