import type { ErrorReport, Origin, RoundEnd, RoundRecords, Rounds } from '../sdk/index.ts';
import { addedIn } from './added-lists.ts';
import { Suspended } from './context.ts';
import { blobsOf, type Dataset, openDataset, StretchDataset } from './dataset.ts';
import { DatasetWriter } from './dataset-writer.ts';
import type { Frame } from './frame.ts';
import type { DatasetRef } from './journal.ts';
import type { PlannedNode } from './plan.ts';
import { keysInside, type StepState } from './run-state.ts';
import { originsThrough } from './scope.ts';
import { blobFolder, forgetBlobs } from './step-blobs.ts';
import { Stop } from './stop.ts';
import { addTallies, type Tally, tallyOf } from './tally.ts';
import { verdictOf } from './verdict.ts';

/**
 * The rounds of a container in one start of its step. Each round is a frame over the nodes inside.
 *
 *   start     -> live        its frame works, or rests on waits
 *   live      -> ended       its frame has settled: results and tallies are in the journal, its steps are folded
 *   ended     -> taken       the container's runner has been given its end
 *   live      -> let go      all live rounds wait: the container sleeps, and starts again when one is woken
 *   live      -> stopped     the container was told to stop
 */
export class LiveRounds implements Rounds {
  private readonly outer: Frame;
  private readonly container: PlannedNode;
  private readonly input: Dataset;
  private readonly state: StepState;
  private readonly signal: AbortSignal;
  private readonly key: string;
  private readonly store: (before: number) => Promise<void>;
  private readonly live = new Map<number, Frame>();
  private readonly ends: RoundEnd[] = [];
  private broken: { readonly error: unknown } | undefined;
  private changed = () => {};

  /** `store` puts away what has been emitted, if it is worth it. */
  constructor(
    outer: Frame,
    container: PlannedNode,
    input: Dataset,
    signal: AbortSignal,
    store: (before: number) => Promise<void>,
  ) {
    this.outer = outer;
    this.container = container;
    this.input = input;
    this.signal = signal;
    this.store = store;
    this.state = outer.stateOf(container.id);
    this.key = outer.prefix + container.id;
    signal.addEventListener('abort', () => {
      const { reason } = signal;
      this.stop(reason instanceof Stop ? reason : new Stop('container-ended'));
    });
  }

  get first(): number {
    return this.state.rounds?.first ?? 0;
  }

  get open(): number {
    return this.live.size + this.ends.length;
  }

  expect(total: number): void {
    if (this.state.rounds?.total === total) return;
    const { journal } = this.outer.run;
    journal.write({ at: journal.now(), is: 'rounds-expected', step: this.key, total });
  }

  start(round: number, given: { readonly start: number; readonly count: number } | RoundRecords): void {
    this.signal.throwIfAborted();
    const records =
      given instanceof KeptRecords
        ? given.dataset
        : new StretchDataset(this.input, 'start' in given ? given.start : 0, given.count);
    const ended = this.state.rounds?.ended[round];
    if (ended) {
      const results = openDataset(this.outer.run.ports.blobs, ended.results);
      this.ends.push(endOf(round, records, ended.status, results, ended.error));
      return;
    }
    const frame = this.outer.round(this.container, round, records, (rested) => this.rested(round, records, rested));
    this.live.set(round, frame);
    frame.goOn();
  }

  async ended(): Promise<RoundEnd> {
    for (;;) {
      if (this.broken) throw this.broken.error;
      const next = this.ends.shift();
      if (next) return next;
      if (this.live.size === 0) {
        this.signal.throwIfAborted();
        throw new Error(`"${this.container.name}" waits for a round, and none was started`);
      }
      if ([...this.live.values()].every((frame) => frame.isWaiting)) {
        this.letGo();
        throw new Suspended({ kind: 'rounds' });
      }
      await new Promise<void>((resolve) => {
        this.changed = resolve;
      });
    }
  }

  emitted(round: number): Promise<void> {
    return this.store(round);
  }

  /** Ends what is still live, when the container has come to its end without it. */
  async close(): Promise<void> {
    this.stop(new Stop('container-ended'));
    while (this.live.size > 0) {
      await new Promise<void>((resolve) => {
        this.changed = resolve;
      });
    }
  }

  private stop(reason: Stop): void {
    for (const frame of [...this.live.values()]) frame.stop(reason);
  }

  private letGo(): void {
    for (const round of [...this.live.keys()]) this.leave(round);
  }

  private leave(round: number): void {
    const frame = this.live.get(round);
    if (!frame) return;
    this.live.delete(round);
    this.outer.leave(frame);
  }

  private rested(round: number, records: Dataset, frame: Frame): void {
    if (frame.stopped) this.leave(round);
    else if (!frame.isWaiting) {
      frame.close();
      void this.settle(round, records, frame);
      return;
    }
    this.changed();
  }

  private async settle(round: number, records: Dataset, frame: Frame): Promise<void> {
    try {
      const verdict = verdictOf(frame, false);
      const status = verdict.status === 'succeeded' ? 'succeeded' : 'failed';
      const { error } = verdict;
      const { dataset, ref } = await this.resultsOf(round, frame, status === 'succeeded');
      const added = status === 'succeeded' ? addedIn(frame) : undefined;
      const { journal } = this.outer.run;
      const blobs = keysInside(this.outer.run.state, `${this.key}/${round}`).flatMap((key) => this.blobsOfStep(key));
      journal.write({
        at: journal.now(),
        is: 'round-finished',
        step: this.key,
        round,
        ...stretchOf(records),
        status,
        results: ref,
        ...(error === undefined ? {} : { error }),
        tallies: talliesOf(frame),
        ...(added ? { added } : {}),
      });
      forgetBlobs(
        this.outer.run,
        blobs.filter(([key]) => !this.outer.run.state.steps.has(key)).map(([, blob]) => blob),
      );
      this.ends.push(endOf(round, records, status, dataset, error));
    } catch (error) {
      this.broken ??= { error };
    }
    this.leave(round);
    this.changed();
  }

  private blobsOfStep(key: string): [key: string, blob: string][] {
    const out = this.outer.run.state.steps.get(key)?.out ?? {};
    return Object.values(out).flatMap((ref) => blobsOf(ref).map((blob): [string, string] => [key, blob]));
  }

  /** First outputs of the nodes that nothing follows, in document order; their origins lead to the container's input. */
  private async resultsOf(
    round: number,
    frame: Frame,
    isGood: boolean,
  ): Promise<{ dataset: Dataset; ref: DatasetRef }> {
    const { run } = this.outer;
    const writer = new DatasetWriter(run.ports.blobs, `${blobFolder(run.info.id, `${this.key}/${round}`)}/results`);
    for (const { id, outgoing, outputs } of isGood ? frame.nodes : []) {
      const port = outputs[0]?.name;
      const dataset = outgoing.length === 0 && port !== undefined ? frame.output(id, port) : undefined;
      for (const { records, start } of dataset?.batches() ?? []) {
        const origins = records.map((_, i) =>
          originsThrough({ history: frame, node: id, port: port ?? '', position: start + i }),
        );
        await writer.write(records, origins);
      }
    }
    return writer.finish();
  }
}

/** The stretch of the container's input that a round was given: its first record says where it begins. */
function stretchOf(given: Dataset): { given?: { start: number; count: number } } {
  const start = given instanceof StretchDataset ? given.originAt(0) : undefined;
  return typeof start === 'number' ? { given: { start, count: given.count } } : {};
}

function endOf(
  round: number,
  given: Dataset,
  status: RoundEnd['status'],
  results: Dataset,
  error: ErrorReport | undefined,
): RoundEnd {
  return {
    round,
    given: new KeptRecords(given),
    status,
    results: new KeptRecords(results),
    ...(error === undefined ? {} : { error }),
  };
}

/** What a round gave, as a container's runner sees it. */
class KeptRecords implements RoundRecords {
  readonly dataset: Dataset;

  constructor(dataset: Dataset) {
    this.dataset = dataset;
  }

  get count(): number {
    return this.dataset.count;
  }

  recordAt(position: number) {
    return this.dataset.recordAt(position);
  }

  *batches() {
    for (const { records, start } of this.dataset.batches()) {
      const origins: Origin[] = records.map((_, i) => this.dataset.originAt(start + i) ?? []);
      yield { records, origins };
    }
  }
}

/** What the nodes of a round did, those inside its containers included. */
function talliesOf(frame: Frame): Record<string, Tally> {
  let tallies: Record<string, Tally> = {};
  for (const { id } of frame.nodes) {
    const step = frame.stateOf(id);
    tallies[id] = tallyOf(step);
    if (step.rounds) tallies = addTallies(tallies, step.rounds.tallies);
  }
  return tallies;
}
