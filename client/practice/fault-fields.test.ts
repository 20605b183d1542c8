import { describe, expect, it } from 'vitest';
import { isFaulty, noFaults, withSetting } from './fault-fields.ts';

const quiet = {
  slowMs: 0,
  failNext: { count: 0, status: 500 },
  dropAfterEffect: 0,
  requestLimitReached: false,
  lockRows: { ids: [], every: 0, times: null },
};

describe('faults of a practice service', () => {
  it('changes one setting and keeps those beside it', () => {
    expect(withSetting(quiet, ['failNext', 'count'], 2).failNext).toEqual({ count: 2, status: 500 });
    expect(quiet.failNext.count).toBe(0);
  });

  it('knows whether anything is on, and turns all off', () => {
    expect(isFaulty('salesforce', quiet)).toBe(false);
    const loud = withSetting(withSetting(quiet, ['lockRows', 'every'], 3), ['requestLimitReached'], true);
    expect(isFaulty('salesforce', loud)).toBe(true);
    expect(noFaults('salesforce', loud)).toEqual(quiet);
  });
});
