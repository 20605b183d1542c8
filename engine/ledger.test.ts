import { beforeEach, describe, expect, it } from 'vitest';
import { NodeError } from '../sdk/index.ts';
import type { EffectCall } from '../sdk/node.ts';
import type { JournalEntry, RunHeader } from './journal.ts';
import { KeptResults } from './kept-results.ts';
import { type Inquiry, type Journal, Ledger, UnknownOutcome } from './ledger.ts';
import type { BlobStore } from './ports.ts';
import { apply, newRunState, type RunState, stepOf } from './run-state.ts';

/** A journal whose entries are durable when the test says so. */
class TestJournal implements Journal {
  readonly entries: JournalEntry[] = [];
  readonly state: RunState = newRunState({ id: 'run' } as RunHeader);
  durableUpTo = Promise.resolve();

  now(): number {
    return 1;
  }

  write(entry: JournalEntry): void {
    apply(this.state, entry);
    this.entries.push(entry);
  }

  durable(): Promise<void> {
    return this.durableUpTo;
  }
}

let journal: TestJournal;

beforeEach(() => {
  journal = new TestJournal();
});

/** Results here are so small that all stand in the journal. */
const noBlobs = {} as BlobStore;

/** The ledger of a step whose service cannot be asked. */
function ledgerOf(effect: 'none' | 'read' | 'idempotent' | 'once', from = journal) {
  const state = stepOf(from.state, 'step');
  const ledger = new Ledger({
    journal: from,
    runId: 'run',
    step: 'step',
    effect,
    state,
    repeats: false,
    results: new KeptResults({ blobs: noBlobs, folder: 'step', journal: from, step: 'step', state }),
    signal: new AbortController().signal,
    sleep: async () => {},
    log: () => {},
  });
  const inquiry: Inquiry = { ask: undefined, sent: () => ({ params: [], records: [] }) };
  return {
    call: <T>(call: EffectCall, act: (key: string) => Promise<T>) =>
      ledger.call(call, act, inquiry, (result) => result as T),
  };
}

/** The journal as it is read after a crash. */
function readAgain(): TestJournal {
  const again = new TestJournal();
  for (const entry of JSON.parse(JSON.stringify(journal.entries)) as JournalEntry[]) again.write(entry);
  return again;
}

describe('an idempotent call', () => {
  it('is one entry without a result when nothing is to be kept', async () => {
    const ledger = ledgerOf('idempotent');
    for (let start = 0; start < 3000; start += 1000) await ledger.call({ start, count: 1000 }, async () => undefined);
    expect(journal.entries).toHaveLength(3);
    expect(journal.entries[1]).toEqual({
      at: 1,
      is: 'effect-done',
      step: 'step',
      key: expect.any(String),
      start: 1000,
      count: 1000,
    });
  });

  it('waits until all that it depends on is durable', async () => {
    const durable = Promise.withResolvers<void>();
    journal.durableUpTo = durable.promise;
    const ledger = ledgerOf('idempotent');
    const made: number[] = [];
    const calls = [0, 1].map((start) => ledger.call({ start, count: 1 }, async () => made.push(start)));
    await Promise.resolve();
    expect(made).toEqual([]);
    durable.resolve();
    await Promise.all(calls);
    expect(made).toEqual([0, 1]);
  });

  it('that is done gives its result again after a crash; one that was not is made again with its key', async () => {
    const keys: string[] = [];
    const act = async (key: string) => {
      keys.push(key);
      if (keys.length === 2) throw new Error('the connection broke');
      return { sum: 3 };
    };
    const ledger = ledgerOf('idempotent');
    await ledger.call({ start: 0, count: 5 }, act);
    await expect(ledger.call({ start: 5, count: 5 }, act)).rejects.toThrow('broke');
    const after = ledgerOf('idempotent', readAgain());
    expect(await after.call({ start: 0, count: 5 }, act)).toEqual({ sum: 3 });
    await after.call({ start: 5, count: 5 }, act);
    expect(keys).toHaveLength(3);
    expect(keys[2]).toBe(keys[1]);
  });

  it('is made again when it took other records than now', async () => {
    const ledger = ledgerOf('idempotent');
    await ledger.call({ start: 0, count: 5 }, async () => 'five');
    expect(await ledger.call({ start: 0, count: 9 }, async () => 'nine')).toBe('nine');
  });
});

describe('a call that happens once', () => {
  it('has its intent durable before, and its outcome after', async () => {
    const ledger = ledgerOf('once');
    const seen: string[] = [];
    await ledger.call({ start: 0, count: 1 }, async () => {
      seen.push(...journal.entries.map(({ is }) => is));
      return 'sent';
    });
    expect(seen).toEqual(['effect-intent']);
    expect(journal.entries.map(({ is }) => is)).toEqual(['effect-intent', 'effect-outcome']);
    const again = ledgerOf('once', readAgain());
    expect(await again.call({ start: 0, count: 1 }, () => Promise.reject(new Error('never')))).toBe('sent');
  });

  it('is never repeated when nobody knows whether it happened', async () => {
    const ledger = ledgerOf('once');
    const act = () => Promise.reject(new Error('the connection broke'));
    await expect(ledger.call({ start: 0, count: 1 }, act)).rejects.toBeInstanceOf(UnknownOutcome);
    const after = ledgerOf('once', readAgain());
    await expect(after.call({ start: 0, count: 1 }, async () => 'twice')).rejects.toBeInstanceOf(UnknownOutcome);
  });

  it('is made again after the service refused it', async () => {
    const ledger = ledgerOf('once');
    const refusal = new NodeError({ class: 'transient', code: 'busy', message: 'Busy.', remedy: 'Wait.' });
    await expect(ledger.call({ start: 0, count: 1 }, () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(await ledger.call({ start: 0, count: 1 }, async () => 'sent')).toBe('sent');
  });
});

it('reading is not told to the journal', async () => {
  expect(await ledgerOf('read').call({ start: 0, count: 1 }, async () => 'read')).toBe('read');
  expect(journal.entries).toEqual([]);
});
