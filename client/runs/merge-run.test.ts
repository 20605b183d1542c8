import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../spec/api/run.ts';
import { mergeRun } from './merge-run.ts';

const run = (
  id: string,
  createdAt: number,
  status: RunSummary['status'] = 'running',
  workflowId = 'sync',
): RunSummary => ({
  id,
  workflowId,
  workflowName: workflowId,
  version: 'v',
  draft: false,
  status,
  trigger: 'start',
  cause: 'manual',
  createdAt,
});
const ids = (pages: readonly { runs: RunSummary[] }[]) => pages.map((page) => page.runs.map(({ id }) => id));

describe('run events in a list of runs', () => {
  const pages = [{ runs: [run('c', 3), run('b', 2)] }, { runs: [run('a', 1)] }];

  it('changes a run where it stands', () => {
    const after = mergeRun(pages, run('a', 1, 'failed'), {});
    expect(ids(after)).toEqual([['c', 'b'], ['a']]);
    expect(after[1]?.runs[0]?.status).toBe('failed');
  });

  it('adds a new run at the top', () => {
    expect(ids(mergeRun(pages, run('d', 4), {}))).toEqual([['d', 'c', 'b'], ['a']]);
  });

  it('leaves out an older run that is on no page yet', () => {
    expect(ids(mergeRun(pages, run('old', 0), {}))).toEqual([['c', 'b'], ['a']]);
  });

  it('keeps to the filter', () => {
    expect(ids(mergeRun(pages, run('d', 4, 'running', 'other'), { workflow: 'sync' }))).toEqual([['c', 'b'], ['a']]);
    expect(ids(mergeRun(pages, run('c', 3, 'succeeded'), { statuses: ['running'] }))).toEqual([['b'], ['a']]);
  });
});
