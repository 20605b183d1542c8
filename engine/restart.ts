import { blobsOf } from './dataset.ts';
import type { BlobRef, DatasetRef, JournalEntry } from './journal.ts';
import { callKey } from './ledger.ts';
import { madeCalls } from './made-calls.ts';
import { type Plan, type PlannedNode, readsWatermark } from './plan.ts';
import type { EnginePorts } from './ports.ts';
import { failedRounds, fatesOf, type OldRun, partialRounds } from './restart-plan.ts';
import { type RoundsState, readUpTo, type StepState } from './run-state.ts';
import { blobFolder } from './step-blobs.ts';
import { lessTallies } from './tally.ts';

/**
 * The journal that a restarted run begins with: what it takes over of the run before (`restart-plan.ts`). Spilled datasets get a second
 * name in the new run's folder, so that each run's blobs go with the run and the other keeps its own.
 */
export class Takeover {
  private readonly old: OldRun;
  private readonly plan: Plan;
  private readonly from: string | undefined;
  private readonly runId: string;
  private readonly ports: Pick<EnginePorts, 'blobs' | 'clock'>;

  constructor(
    old: OldRun,
    plan: Plan,
    from: string | undefined,
    runId: string,
    ports: Pick<EnginePorts, 'blobs' | 'clock'>,
  ) {
    this.old = old;
    this.plan = plan;
    this.from = from;
    this.runId = runId;
    this.ports = ports;
  }

  entries(): AsyncIterable<JournalEntry> {
    return this.ofLevel(this.plan.top, '');
  }

  private async *ofLevel(nodes: readonly PlannedNode[], prefix: string): AsyncIterable<JournalEntry> {
    const fates = fatesOf(this.old, this.plan, nodes, prefix, this.from);
    for (const planned of nodes) {
      const key = prefix + planned.id;
      const step = this.old.state.steps.get(key);
      if (planned.trigger || !step) continue;
      const fate = fates.get(planned.id);
      if (prefix === '' && (fate === 'reused' || fate === 'goes-on')) yield* this.memory(planned);
      if (fate === 'reused') yield* this.outcome(key, step);
      else if (fate === 'goes-on' && step.rounds) yield* this.rounds(planned, key, step.rounds);
      else if (fate === 'goes-on') yield* this.calls(key, step);
    }
  }

  private async *outcome(key: string, step: StepState): AsyncIterable<JournalEntry> {
    const at = this.ports.clock.now();
    if (step.status === 'skipped') {
      yield { at, is: 'step-skipped', step: key, why: step.skipped ?? 'no-route' };
      return;
    }
    if (step.status !== 'succeeded' && step.status !== 'failed') return;
    if (step.rounds) {
      const rounds = { ...step.rounds, stored: {}, ended: {}, kept: [] };
      yield { at, is: 'rounds-taken-over', step: key, rounds };
    }
    const { status, error, added } = step;
    const out = await this.outputs(step.out, key);
    yield {
      at,
      is: 'step-finished',
      step: key,
      status,
      out,
      ...(error ? { error } : {}),
      ...(added ? { added } : {}),
      reused: true,
    };
  }

  /** What it said to remember beside lists, which go with steps and rounds, and how far it read, since it does not read again. */
  private *memory(planned: PlannedNode): Iterable<JournalEntry> {
    const at = this.ports.clock.now();
    const { state } = this.old;
    for (const { id } of withInside(planned)) {
      const { [id]: values } = state.memory;
      if (values) yield { at, is: 'remembered', node: id, values };
    }
    if (readsWatermark(planned)) yield { at, is: 'remembered', node: '', values: { watermark: readUpTo(state) } };
  }

  /** What it did outside. Calls that the service may still be asked about keep their key. */
  private async *calls(key: string, step: StepState): AsyncIterable<JournalEntry> {
    const at = this.ports.clock.now();
    for (const [place, blob] of (step.results ?? []).entries()) {
      const name = `${blobFolder(this.runId, key)}/results/${place}`;
      await this.ports.blobs.copy(blob, name);
      yield { at, is: 'effect-results', step: key, blob: name };
    }
    for (const { start, count, result, stored } of madeCalls(step.made, this.ports.blobs)) {
      const call = callKey(this.runId, key, start);
      yield { at, is: 'effect-intent', step: key, key: call, start, count };
      yield { at, is: 'effect-outcome', step: key, key: call, outcome: 'done', result, stored };
    }
    for (const { key: call, at: since, start, count, outcome, result, stored } of step.unsettled ?? []) {
      if (outcome === 'not-done' && (result ?? stored) === undefined) continue;
      yield { at: since, is: 'effect-intent', step: key, key: call, start, count };
      if (outcome) yield { at, is: 'effect-outcome', step: key, key: call, outcome, result, stored };
    }
  }

  /** Rounds that ended well are over; those that did not go on at the step where they stopped. */
  private async *rounds(container: PlannedNode, key: string, rounds: RoundsState): AsyncIterable<JournalEntry> {
    const failed = failedRounds(rounds);
    const ended: RoundsState['ended'] = {};
    for (const [round, end] of Object.entries(rounds.ended)) {
      if (end.status === 'failed') continue;
      const results = await this.copied(end.results, `${blobFolder(this.runId, `${key}/${round}`)}/0/results`);
      ended[Number(round)] = { status: 'succeeded', results };
    }
    const stored: RoundsState['stored'] = {};
    for (const [port, parts] of Object.entries(rounds.stored)) {
      stored[port] = await Promise.all(
        parts.map((part, i) => this.copied(part, `${blobFolder(this.runId, key)}/0/${port}.${i}`)),
      );
    }
    const tallies = failed.reduce(
      (sums, round) => lessTallies(sums, rounds.ended[round]?.tallies ?? {}),
      rounds.tallies,
    );
    yield {
      at: this.ports.clock.now(),
      is: 'rounds-taken-over',
      step: key,
      rounds: {
        ...(rounds.total === undefined ? {} : { total: rounds.total }),
        done: rounds.done - failed.length,
        failed: rounds.failed - failed.length,
        first: rounds.first,
        stored,
        ended,
        kept: [],
        tallies,
        ...(rounds.added ? { added: rounds.added } : {}),
      },
    };
    for (const round of partialRounds(this.old.state, key, rounds)) {
      yield* this.ofLevel(container.inside, `${key}/${round}/`);
    }
  }

  private async outputs(out: StepState['out'], key: string): Promise<Record<string, DatasetRef>> {
    const copies: Record<string, DatasetRef> = {};
    for (const [port, ref] of Object.entries(out)) {
      copies[port] = await this.copied(ref, `${blobFolder(this.runId, key)}/0/${port}`);
    }
    return copies;
  }

  /** The same dataset, by names of the new run. */
  private async copied(ref: DatasetRef, name: string): Promise<DatasetRef> {
    if (blobsOf(ref).length === 0) return ref;
    if ('parts' in ref) {
      return { ...ref, parts: await Promise.all(ref.parts.map((part, i) => this.copied(part, `${name}.${i}`))) };
    }
    if (!('blob' in ref)) return ref;
    return this.copiedBlob(ref, name);
  }

  private async copiedBlob(ref: BlobRef, name: string): Promise<BlobRef> {
    await this.ports.blobs.copy(ref.blob, name);
    const copy = { ...ref, blob: name };
    return ref.over ? { ...copy, over: await this.copiedBlob(ref.over, `${name}.under`) } : copy;
  }
}

/** A node and all that stands in it. */
function* withInside(planned: PlannedNode): Iterable<PlannedNode> {
  yield planned;
  for (const inner of planned.inside) yield* withInside(inner);
}
