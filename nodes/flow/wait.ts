import { DateTime } from 'luxon';
import { z } from 'zod';
import {
  type DataRecord,
  defineNode,
  field,
  type NodeContext,
  NodeError,
  origin,
  passThrough,
  route,
  type StepIO,
  stream,
} from '../../sdk/index.ts';
import { durationMs } from '../../spec/workflow/duration.ts';

const params = z.strictObject({
  for: field.duration({ label: 'Wait for', placeholder: '10m' }).optional(),
  until: field
    .dateTime({
      label: 'Wait until',
      scope: 'step',
      help: 'A date and time; without a zone it is read in that of the workflow.',
    })
    .optional(),
  approval: field
    .group(
      {
        people: field.choices({ label: 'People', scope: 'step', help: 'Who may decide; anyone if empty.' }).default([]),
        message: field.longText({ label: 'Question', scope: 'step' }),
        timeout: field.duration({ label: 'Give up after' }).optional(),
      },
      { label: 'Wait for an approval', scope: 'step' },
    )
    .optional(),
  callback: field
    .group(
      { timeout: field.duration({ label: 'Give up after' }).optional() },
      { label: 'Wait for a call from outside', scope: 'step' },
    )
    .optional(),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'wait',
    version: 1,
    title: 'Wait',
    summary: 'Wait {for}{until}',
    description:
      'Holds all records for a time, until a moment, until someone approves, or until a call comes from outside. A waiting run needs no running process.',
    connector: 'flow',
    category: 'flow',
    keywords: ['delay', 'pause', 'sleep', 'approval', 'approve', 'human', 'callback', 'until'],
    params,
    outputs: [
      { name: 'records', when: { param: 'approval', not: true } },
      route('approved', { when: { param: 'approval' } }),
      route('declined', { when: { param: 'approval' } }),
      route('timed-out', { when: { param: 'approval' } }),
    ],
    examples: [
      {
        title: 'Until a day that has come',
        params: { until: '2020-01-01' },
        input: [{ a: 1 }],
        output: { records: [{ a: 1 }] },
      },
    ],
  },
  stream(async (io) => {
    const given = onlyOne(io.stepParams());
    const { ctx } = io;
    if (given.approval !== undefined) return awaitApproval(io, given.approval);
    if (given.callback !== undefined) return awaitCallback(io, given.callback);
    const at = given.until === undefined ? ctx.now() + milliseconds(given.for ?? '0s') : moment(given.until, ctx);
    if (given.until === undefined || at > ctx.now()) await ctx.suspend({ kind: 'until', at });
    return passThrough(io);
  }),
);

function onlyOne(given: Params): Params {
  const chosen = [given.for, given.until, given.approval, given.callback].filter((one) => one !== undefined);
  if (chosen.length === 1) return given;
  throw new NodeError({
    class: 'config',
    code: 'wait-unclear',
    message:
      chosen.length === 0 ? 'This node does not say what to wait for.' : 'This node waits for several things at once.',
    remedy: 'Fill in exactly one of: a duration, a moment, an approval, a call from outside.',
  });
}

async function awaitApproval(
  io: StepIO<Params>,
  { people, message, timeout }: NonNullable<Params['approval']>,
): Promise<void> {
  const outcome = await io.ctx.suspend({ kind: 'approval', people, message, ...until(timeout, io.ctx) });
  if (outcome.kind === 'approved' || outcome.kind === 'declined') {
    const { kind, by, comment } = outcome;
    return passWith(io, kind, { _approval: { by, comment: comment ?? null } });
  }
  return passThrough(io, 'timed-out');
}

async function awaitCallback(io: StepIO<Params>, { timeout }: NonNullable<Params['callback']>): Promise<void> {
  const outcome = await io.ctx.suspend({ kind: 'callback', ...until(timeout, io.ctx) });
  if (outcome.kind === 'called') return passWith(io, 'records', { _callback: outcome.body ?? null });
  throw new NodeError({
    class: 'not-found',
    code: 'wait-timed-out',
    message: `No call came within ${timeout ?? 'the time given'}.`,
    remedy: 'Check the service that should call, or wait longer.',
  });
}

/** Passes the records on with what the wait has brought. */
async function passWith(io: StepIO<Params>, port: string, more: DataRecord): Promise<void> {
  const input = io.input();
  for await (const batch of input.batches()) {
    const records = batch.records.map((record) => ({ ...record, ...more }));
    await io.emit(port, records, { from: origin(input.slot, batch.start) });
  }
}

function until(timeout: string | undefined, ctx: NodeContext): { until?: number } {
  return timeout === undefined ? {} : { until: ctx.now() + milliseconds(timeout) };
}

function milliseconds(duration: string): number {
  return durationMs(duration) ?? 0;
}

function moment(text: string, ctx: NodeContext): number {
  const { zone } = ctx.run;
  const iso = DateTime.fromISO(text, { zone });
  const read = iso.isValid ? iso : DateTime.fromSQL(text, { zone });
  if (read.isValid) return read.toMillis();
  throw new NodeError({
    class: 'config',
    code: 'bad-date',
    message: `Wait until must be a date and time; it is the text '${text}'.`,
    remedy: 'Write it as 2026-03-31T08:00, with a zone if it is not that of the workflow.',
    field: 'Wait until',
  });
}
