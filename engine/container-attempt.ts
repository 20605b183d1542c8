import type { ContainerIO, DataRecord } from '../sdk/index.ts';
import type { AttemptOptions, FinishedOutputs } from './attempt.ts';
import { blobsOf, concatenated, type Dataset, openDataset } from './dataset.ts';
import { DatasetWriter } from './dataset-writer.ts';
import type { Frame } from './frame.ts';
import type { DatasetRef } from './journal.ts';
import { LiveRounds } from './rounds.ts';
import { StepAttempt } from './step.ts';
import { forgetBlobs } from './step-blobs.ts';

/**
 * The `StepIO` of a container. What it emits is put away in parts while it goes on, so that neither memory nor the work after a crash
 * grows with the number of rounds; its outputs are those parts, one after another.
 */
export class ContainerAttempt extends StepAttempt implements ContainerIO<DataRecord> {
  readonly rounds: LiveRounds;
  private readonly frame: Frame;
  private readonly key: string;

  constructor(frame: Frame, options: AttemptOptions, input: Dataset, signal: AbortSignal) {
    super(options);
    this.frame = frame;
    this.key = frame.prefix + options.planned.id;
    this.rounds = new LiveRounds(frame, options.planned, input, signal, (before) => this.store(before));
  }

  private get stored(): Readonly<Record<string, readonly DatasetRef[]>> {
    return this.frame.run.state.steps.get(this.key)?.rounds?.stored ?? {};
  }

  protected override writerFor(port: string): DatasetWriter {
    return new DatasetWriter(this.blobs, `${this.blobPrefix}/${port}.${this.stored[port]?.length ?? 0}`);
  }

  /** Puts away what was emitted since the last time: once it is so much that it has left memory, or if it is nothing at all. */
  private async store(before: number): Promise<void> {
    const writers = [...this.writers.values()];
    if (writers.some((writer) => writer.count > 0) && !writers.some((writer) => writer.hasSpilled)) return;
    if (before === this.rounds.first) return;
    const out: Record<string, DatasetRef> = {};
    for (const [port, writer] of this.writers) out[port] = (await writer.finish()).ref;
    this.writers.clear();
    const { journal, state } = this.frame.run;
    const ended = state.steps.get(this.key)?.rounds?.ended ?? {};
    const emptied = Object.entries(ended).filter(([round]) => Number(round) < before);
    journal.write({ at: journal.now(), is: 'rounds-stored', step: this.key, before, out });
    forgetBlobs(
      this.frame.run,
      emptied.flatMap(([, { results }]) => blobsOf(results)),
    );
  }

  override async finish(): Promise<FinishedOutputs> {
    const finished = new Map(await super.finish());
    for (const [port, parts] of Object.entries(this.stored)) {
      const last = finished.get(port);
      const refs = last && last.ref.count > 0 ? [...parts, last.ref] : [...parts];
      const count = refs.reduce((sum, ref) => sum + ref.count, 0);
      const dataset = concatenated(refs.map((ref) => openDataset(this.blobs, ref)));
      finished.set(port, { dataset, ref: { count, parts: refs } });
    }
    return [...finished];
  }

  /** Blobs that only its unfinished rounds needed. */
  spareBlobs(): string[] {
    const ended = this.frame.run.state.steps.get(this.key)?.rounds?.ended ?? {};
    return Object.values(ended).flatMap(({ results }) => blobsOf(results));
  }
}
