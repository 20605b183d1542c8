import { join } from 'node:path';
import { callKey } from '../../engine/ledger.ts';
import type { JournalPage } from '../../engine/ports.ts';
import { apply, newRunState, type RunState } from '../../engine/run-state.ts';
import { openDatabase } from '../../server/storage/sqlite/database.ts';
import { GroupCommit } from '../../server/storage/sqlite/group-commit.ts';
import { SqliteRunStore } from '../../server/storage/sqlite/runs.ts';
import { RECORDS } from './crash-workflows.ts';

export interface FinishedWork {
  /** Runs that have not ended. */
  readonly unfinished: ReadonlySet<string>;
  /** Calls that must never be made again, as `<node>/<run>/<n>`: those of finished steps and rounds, and those known to be done. */
  readonly calls: ReadonlySet<string>;
  /** Calls that were begun, those among them. */
  readonly begun: ReadonlySet<string>;
}

/** What is durably done in a home folder that nobody works on. */
export async function finishedWork(home: string): Promise<FinishedWork> {
  const db = openDatabase(join(home, 'runs.db'));
  const store = new SqliteRunStore(new GroupCommit(db));
  const unfinished = new Set((await store.unfinishedRuns()).map(({ header }) => header.id));
  const calls = new Set<string>();
  const begun = new Set<string>();
  for (const id of unfinished) {
    const stored = await store.loadRun(id);
    if (!stored) continue;
    const state = newRunState(stored.header);
    for (let page: JournalPage | undefined = stored; page; ) {
      for (const entry of page.journal) apply(state, entry);
      page = page.more === undefined ? undefined : await store.loadJournal(id, page.more);
    }
    for (const { node, n, step, start } of callsOf(state)) {
      const call = `${node}/${id}/${n}`;
      const isOver = isDone(state, step, start);
      if (isOver) calls.add(call);
      if (isOver || state.steps.get(step)?.calls?.has(callKey(id, step, start))) begun.add(call);
    }
  }
  await store.close();
  db.close();
  return { unfinished, calls, begun };
}

interface PossibleCall {
  readonly node: string;
  readonly n: number;
  readonly step: string;
  /** Position of its record among those of the step. */
  readonly start: number;
}

/** The calls that a run of the crash workflows makes, by what `crash-workflows.ts` says. */
export function callsOf({ header }: Pick<RunState, 'header'>): PossibleCall[] {
  if (header.workflowId === 'spill') return [{ node: 'report', n: 0, step: 'report', start: 0 }];
  if (header.workflowId === 'answers') {
    const asked = Array.from({ length: RECORDS }, (_, n) => ({ node: 'ask', n, step: 'ask', start: n }));
    return [...asked, { node: 'told', n: 0, step: 'told', start: 0 }];
  }
  if (header.workflowId !== 'effects') return [];
  return Array.from({ length: RECORDS }, (_, n) => [
    { node: 'look', n, step: 'look', start: n },
    { node: 'put', n, step: 'put', start: n },
    ...(n % 2 === 1 ? [{ node: 'post', n, step: 'post', start: n >> 1 }] : []),
    { node: 'tell', n, step: `loop/${n >> 1}/tell`, start: n % 2 },
  ]).flat();
}

function isDone(state: RunState, step: string, start: number): boolean {
  const [container, round] = step.split('/');
  const rounds = round === undefined ? undefined : state.steps.get(container ?? '')?.rounds;
  if (rounds && (Number(round) < rounds.first || rounds.ended[Number(round)])) return true;
  const found = state.steps.get(step) ?? state.steps.get(container ?? '');
  return found?.finishedAt !== undefined || found?.done?.has(start) === true;
}
