import { reportOf } from '../sdk/index.ts';
import type { WorkflowSettings } from '../spec/workflow/document.ts';
import type { RunHeader } from './journal.ts';
import type { Plans } from './plans.ts';
import type { EnginePorts, UnfinishedRun } from './ports.ts';

/** A run at the gate. */
interface Place {
  readonly header: RunHeader;
  readonly settings: WorkflowSettings;
}

/** Unfinished runs after a start, in the order in which they are gone on with, without those that wait for their turn. */
export interface Line {
  readonly runs: Place[];
  /** Those that cannot go on. */
  readonly left: { id: string; why: string }[];
}

/**
 * Gives unfinished runs their places again, before any new one has one. Those that had begun come first; those that only wait need a turn no
 * sooner than something wakes them.
 * @param hold is told of each that has to wait for its turn.
 */
export async function lineOf(
  { store, gate }: Pick<EnginePorts, 'store' | 'gate'>,
  plans: Plans,
  hold: (header: RunHeader, settings: WorkflowSettings, turn: Promise<void>) => void,
): Promise<Line> {
  const line: Line = { runs: [], left: [] };
  const places: (Place & { status: UnfinishedRun['status'] })[] = [];
  for (const { header, status } of await store.unfinishedRuns()) {
    try {
      places.push({ header, status, settings: (await plans.ofRun(header)).document.settings });
    } catch (error) {
      line.left.push({ id: header.id, why: reportOf(error).message });
    }
  }
  const working = places.filter(({ status }) => status === 'running');
  const queued = places.filter(({ status }) => status === 'queued');
  const waiting = places.filter(({ status }) => status === 'waiting' || status === 'needs-you');
  for (const { header, settings } of [...working, ...waiting]) gate?.recall(header, settings);
  for (const { header, settings } of [...working, ...queued]) {
    const turn = gate?.enter(header, settings);
    if (turn) hold(header, settings, turn);
    else line.runs.push({ header, settings });
  }
  line.runs.push(...waiting);
  return line;
}
