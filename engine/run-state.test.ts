import { describe, expect, it } from 'vitest';
import type { JournalEntry, RunHeader } from './journal.ts';
import { decodeState, encodeState } from './run-snapshot.ts';
import { apply, newRunState, type StepState } from './run-state.ts';

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
  expect(decodeState(header, encodeState(state, []), [])).toEqual(state);
});

describe('what a run was given', () => {
  const given = [{ n: 1 }, { n: 2 }];
  const ended = (out: StepState['out']) => {
    const state = newRunState(header);
    apply(state, { at: 1, is: 'step-finished', step: 'start', status: 'succeeded', out });
    return state;
  };

  it('stands with its input and not once more as what its trigger gave', () => {
    const state = ended({ records: { count: 2, inline: { records: given } } });
    const text = encodeState(state, given);
    expect(text).not.toContain('"n"');
    expect(decodeState(header, text, [{ n: 1 }, { n: 2 }])).toEqual(state);
  });

  it.each<[string, StepState['out']]>([
    ['other records, however alike', { records: { count: 2, inline: { records: [{ n: 1 }, { n: 2 }] } } }],
    ['what is out of memory', { records: { count: 2, parts: [] } }],
    ['several ports', { records: { count: 2, inline: { records: given } }, more: { count: 0, parts: [] } }],
  ])('is kept where the trigger gave %s', (_, out) => {
    const state = ended(out);
    expect(decodeState(header, encodeState(state, given), [])).toEqual(state);
  });
});
