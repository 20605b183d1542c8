import type { DataRecord } from '../spec/workflow/record.ts';
import type { JournalEntry } from './journal.ts';
import type { Journal } from './ledger.ts';
import type { EnginePorts, Memory } from './ports.ts';
import { encodeState } from './run-snapshot.ts';
import { apply, keysInside, type RunState } from './run-state.ts';

/**
 * The journal of one run on its way to the store. Entries change the state at once and are handed over later, several runs in one
 * commit; `durable()` hands over and waits. A run that needs nothing durable before its end is written once, whole, by `finish()`.
 *
 *   entry:  written (in the state, in the buffer) -> handed over -> durable;  written -> left out, of a round that has ended meanwhile
 *   run:    not accepted -> accepted with the first entries -> finished: the snapshot is there instead of header and entries
 *           not accepted -> finished, or forgotten, if it is kept only when it fails
 */
export class RunJournal implements Journal {
  readonly state: RunState;
  private readonly ports: Pick<EnginePorts, 'store' | 'clock'>;
  private readonly input: () => string;
  private readonly told: (entry: JournalEntry, statusChanged: boolean) => void;
  private buffer: JournalEntry[] = [];
  private written: Promise<void> = Promise.resolve();
  private accepted: boolean;

  constructor(
    ports: Pick<EnginePorts, 'store' | 'clock'>,
    state: RunState,
    input: () => string,
    accepted: boolean,
    told: (entry: JournalEntry, statusChanged: boolean) => void,
  ) {
    this.ports = ports;
    this.state = state;
    this.input = input;
    this.accepted = accepted;
    this.told = told;
  }

  now(): number {
    return this.ports.clock.now();
  }

  write(entry: JournalEntry): void {
    const before = this.state.status;
    apply(this.state, entry);
    if (entry.is === 'round-finished') this.leaveOut(entry.step, entry.round);
    this.buffer.push(entry);
    this.told(entry, before !== this.state.status);
  }

  /** Hands entries over at once. */
  writeAll(entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) this.write(entry);
    return this.durable();
  }

  /** What a round did need not be told step by step once it is folded. */
  private leaveOut(container: string, round: number): void {
    if (keysInside(this.state, `${container}/${round}`).length > 0) return;
    const prefix = `${container}/${round}/`;
    this.buffer = this.buffer.filter((entry) => !('step' in entry && entry.step.startsWith(prefix)));
  }

  durable(): Promise<void> {
    this.handOver();
    return this.written;
  }

  /** What is in the buffer, if anything is. */
  handOver(): void {
    if (this.buffer.length === 0) return;
    const entries = this.buffer;
    this.buffer = [];
    const { store } = this.ports;
    const accept = this.accepted ? undefined : store.acceptRun(this.state.header, this.input());
    this.accepted = true;
    // What came of them is nothing, or each hand-over would hold all those before it.
    this.written = Promise.all([this.written, accept, store.append(this.state.header.id, entries)]).then(() => {});
    this.written.catch(() => {});
    store.updateStanding(this.state.header.id, this.state);
  }

  /** The run has ended: its snapshot takes the place of its journal, and `memory` is kept for later runs. `given` are the trigger's records. */
  async finish(memory: readonly Memory[], given: readonly DataRecord[]): Promise<void> {
    this.buffer = [];
    const { state } = this;
    const { header } = state;
    const { store } = this.ports;
    if (header.keepOnlyFailed && state.status === 'succeeded') {
      if (this.accepted || memory.length > 0) await store.dropRun(header.id, memory);
      return;
    }
    await store.finishRun(
      { header, standing: state, input: this.input(), snapshot: encodeState(state, given) },
      memory,
    );
  }
}
