import { expect, it } from 'vitest';
import type { JournalEntry, RunHeader } from './journal.ts';
import { apply, decodeState, encodeState, newRunState } from './run-state.ts';

const header: RunHeader = {
  id: 'run',
  workflowId: 'test',
  workflowName: 'Test',
  version: 'v',
  draft: false,
  trigger: 'start',
  cause: 'manual',
  createdAt: 1,
};
const error = { class: 'transient', code: 'test', message: 'It does not work.', remedy: 'Wait.' } as const;

/** Steps of each kind: given, plain, tried twice, waited, failed, skipped. */
const entries: JournalEntry[] = [
  { at: 1, is: 'run-started' },
  { at: 1, is: 'step-finished', step: 'start', status: 'succeeded', out: { records: { count: 0, parts: [] } } },
  { at: 2, is: 'step-started', step: 'plain', attempt: 1, in: 1 },
  { at: 3, is: 'step-finished', step: 'plain', status: 'succeeded', out: {} },
  { at: 4, is: 'step-started', step: 'twice', attempt: 1, in: 1 },
  { at: 5, is: 'step-retrying', step: 'twice', error, until: 6 },
  { at: 6, is: 'step-started', step: 'twice', attempt: 2, in: 1 },
  { at: 7, is: 'step-finished', step: 'twice', status: 'succeeded', out: {} },
  { at: 8, is: 'step-started', step: 'waited', attempt: 1, in: 1 },
  { at: 9, is: 'step-waiting', step: 'waited', wait: { kind: 'callback' } },
  { at: 10, is: 'step-woken', step: 'waited', outcome: { kind: 'called', body: 1 } },
  { at: 11, is: 'step-started', step: 'waited', attempt: 1, in: 1 },
  { at: 12, is: 'step-finished', step: 'waited', status: 'succeeded', out: {} },
  { at: 13, is: 'step-started', step: 'failed', attempt: 1, in: 1 },
  { at: 14, is: 'step-finished', step: 'failed', status: 'failed', out: {}, error },
  { at: 15, is: 'step-skipped', step: 'skipped', why: 'upstream-failed' },
  { at: 15, is: 'run-finished', status: 'failed', error },
];

it('a finished run comes back from its text as it was', () => {
  const state = newRunState(header);
  for (const entry of entries) apply(state, entry);
  expect(decodeState(header, encodeState(state))).toEqual(state);
});
