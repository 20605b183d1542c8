import { z } from 'zod';
import { type DataRecord, defineNode, field, NodeError, origin, type StepIO, stream } from '../../sdk/index.ts';
import { durationMs } from '../../spec/workflow/duration.ts';
import { type CodeFault, SandboxError } from './code-fault.ts';

const BATCH = 1_000;

const params = z.strictObject({
  language: field.choice(['javascript'], { label: 'Language', scope: 'literal', advanced: true }).default('javascript'),
  mode: field
    .choice(['each', 'all'], {
      label: 'Runs',
      scope: 'literal',
      options: [
        { value: 'each', label: 'for each record', help: '$json is the record.' },
        { value: 'all', label: 'once for all records', help: 'items is the list of records.' },
      ],
    })
    .default('each'),
  source: field.code({
    label: 'Code',
    language: 'javascript',
    scope: 'literal',
    help: 'Return a record, a list of records, or null for none. There is no network, no file and no waiting in here.',
  }),
  timeLimit: field
    .duration({ label: 'Time limit', advanced: true, help: 'For each 1,000 records, or for the one call.' })
    .default('30s'),
  memoryLimit: field
    .number({ label: 'Memory limit in MB', int: true, min: 8, max: 1024, scope: 'step', advanced: true })
    .default(128),
});

type Params = z.output<typeof params>;
type Log = [level: 'info' | 'warn' | 'error', text: string][];
type Told = Pick<CodeFault, 'message' | 'line'>;

/** Code at work, as `CodeSession`: imported only when a step runs. */
interface Session {
  call<T>(name: 'each' | 'push' | 'all' | 'take', ...args: (string | number)[]): Promise<T>;
}

export default defineNode(
  {
    type: 'code',
    version: 1,
    title: 'Code',
    summary: 'Run JavaScript',
    description:
      'Runs JavaScript over the records, in a sandbox: $json, $itemIndex, items, $input, $vars, $run, $workflow, $now and console are there.',
    connector: 'data',
    category: 'data',
    keywords: ['javascript', 'script', 'function', 'custom', 'program', 'js'],
    params,
    outputs: ['records', 'rejected'],
    examples: [
      {
        title: 'A field more',
        params: { source: 'return { ...$json, initials: $json.name.split(" ").map((part) => part[0]).join("") };' },
        input: [{ name: 'Ann Lee' }, { name: 'Bo' }],
        output: {
          records: [
            { name: 'Ann Lee', initials: 'AL' },
            { name: 'Bo', initials: 'B' },
          ],
        },
      },
    ],
  },
  stream(async (io) => {
    const { source, mode, timeLimit, memoryLimit } = io.stepParams();
    const { CodeSession } = await import('./code-session.ts');
    const limits = { time: durationMs(timeLimit) ?? 30_000, memory: memoryLimit * 1_048_576 };
    const session = new CodeSession({ source, values: valuesOf(io), limits }, io.ctx);
    try {
      await (mode === 'each' ? runEach(io, session) : runAll(io, session));
    } catch (error) {
      throw error instanceof SandboxError ? stepFault(error.fault) : error;
    } finally {
      await session.close();
    }
  }),
);

function valuesOf(io: StepIO<Params>): Record<string, unknown> {
  const { run } = io.ctx;
  return {
    $vars: io.prepare('={{ $vars }}')({}, 0),
    $run: { id: run.id, startedAt: run.startedAt },
    $workflow: { id: run.workflowId, name: run.workflowName },
    $now: io.ctx.now(),
  };
}

async function runEach(io: StepIO<Params>, session: Session): Promise<void> {
  const input = io.input();
  for await (const batch of input.batches()) {
    const text = JSON.stringify(batch.records);
    const { out, log } = await session.call<{ out: (DataRecord[] | Told)[]; log: Log }>('each', text, batch.start);
    pass(io, log);
    const records: DataRecord[] = [];
    const origins: number[] = [];
    for (const [i, made] of out.entries()) {
      const position = batch.start + i;
      if (!Array.isArray(made)) {
        await io.reject(batch.records[i] as DataRecord, position, recordFault(made));
        continue;
      }
      for (const record of made) {
        records.push(record);
        origins.push(origin(input.slot, position));
      }
    }
    if (records.length > 0) await io.emit('records', records, origins);
    io.ctx.progress(batch.start + batch.records.length, input.count);
  }
}

async function runAll(io: StepIO<Params>, session: Session): Promise<void> {
  const input = io.input();
  for await (const batch of input.batches()) await session.call('push', JSON.stringify(batch.records));
  const done = await session.call<{ count?: number; error?: Told; log: Log }>('all');
  pass(io, done.log);
  if (done.error !== undefined) throw stepFault(told(done.error));
  for (let start = 0; start < (done.count ?? 0); start += BATCH) {
    const {
      out = [],
      error,
      log,
    } = await session.call<{ out?: [number, DataRecord][]; error?: Told; log: Log }>('take', start, BATCH);
    pass(io, log);
    if (error !== undefined) throw stepFault(told(error));
    await io.emit(
      'records',
      out.map(([, record]) => record),
      // A record that the code made anew comes from none in particular.
      out.map(([at]) => (at < 0 ? [] : origin(input.slot, at))),
    );
  }
}

function pass(io: StepIO<Params>, log: Log): void {
  for (const [level, text] of log) io.ctx.log(level, text);
}

function told(error: Told): CodeFault {
  return { kind: error.message === 'out of memory' ? 'memory' : 'error', ...error };
}

function recordFault(told: Told): NodeError {
  return new NodeError({
    class: 'bad-data',
    code: 'code-failed',
    message: withLine(told),
    remedy: 'Correct the code for such records, or leave them out before.',
    field: 'Code',
  });
}

function stepFault(fault: CodeFault): NodeError {
  const codes = { error: 'code-failed', syntax: 'code-syntax', time: 'code-too-slow', memory: 'code-too-big' } as const;
  const remedies = {
    error: 'Correct the code.',
    syntax: 'Correct the code: it cannot be read as JavaScript.',
    time: 'Look for a loop that never ends, or raise the time limit.',
    memory: 'Work on each record by itself, or raise the memory limit.',
  } as const;
  return new NodeError({
    class: 'config',
    code: codes[fault.kind],
    message: withLine(fault),
    remedy: remedies[fault.kind],
    field: 'Code',
  });
}

function withLine({ message, line }: Told): string {
  return line > 0 ? `Line ${line}: ${message}` : message;
}
