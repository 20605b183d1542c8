import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../spec/api/run.ts';
import { failedRuns } from './failed-runs.ts';

const run = (id: string, createdAt: number, given: Partial<RunSummary> = {}): RunSummary => ({
  id,
  workflowId: 'sync',
  workflowName: 'Sync',
  version: 'v',
  draft: false,
  status: 'failed',
  trigger: 'start',
  cause: 'schedule',
  createdAt,
  ...given,
});
const ids = (runs: readonly RunSummary[]) => runs.map(({ id }) => id);

describe('failed runs in the inbox', () => {
  it('leaves out those that were restarted, and tests of one step', () => {
    const runs = [
      run('again', 3, { restartOf: 'first', cause: 'restart', status: 'running' }),
      run('test', 2, { cause: 'test' }),
      run('first', 1),
    ];
    expect(failedRuns(runs)).toEqual({ open: [], overtaken: [] });
  });

  it('sets those apart after which the same workflow went through', () => {
    const runs = [
      run('newest', 4),
      run('good', 3, { status: 'succeeded' }),
      run('older', 2),
      run('elsewhere', 1, { workflowId: 'other' }),
    ];
    const { open, overtaken } = failedRuns(runs);
    expect(ids(open)).toEqual(['newest', 'elsewhere']);
    expect(ids(overtaken)).toEqual(['older']);
  });
});
