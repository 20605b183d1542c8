import { describe, expect, it } from 'vitest';
import type { RunSummary, StepView } from '../../spec/api/run.ts';
import { createRunStore } from './run-store.ts';

const run = (status: RunSummary['status']): RunSummary => ({
  id: 'r',
  workflowId: 'w',
  workflowName: 'W',
  version: 'v',
  draft: true,
  status,
  trigger: 'a',
  cause: 'manual',
  createdAt: 1,
});

const step = (more: Partial<StepView>): StepView => ({
  node: 'a',
  name: 'A',
  type: 'no-op',
  status: 'running',
  attempts: 1,
  in: 0,
  out: {},
  tries: [],
  ...more,
});

describe('run store', () => {
  it('follows one run and ignores the others', () => {
    const store = createRunStore();
    store.getState().follow('r');
    store.getState().receive({ kind: 'step', runId: 'other', workflowId: 'w', step: step({}) });
    expect(store.getState().steps).toEqual({});
    store.getState().receive({ kind: 'step', runId: 'r', workflowId: 'w', step: step({ in: 3 }) });
    expect(store.getState().steps.a?.in).toBe(3);
  });

  it('shows a run of before until there is one to follow', () => {
    const store = createRunStore();
    store.getState().recall({ ...run('succeeded'), steps: [step({ status: 'succeeded', out: { records: 4 } })] });
    expect(store.getState()).toMatchObject({ earlier: true, run: { id: 'r' }, steps: { a: { out: { records: 4 } } } });
    store.getState().follow('next');
    expect(store.getState()).toMatchObject({ earlier: false, run: undefined, steps: {} });
    store.getState().recall({ ...run('succeeded'), steps: [] });
    expect(store.getState().followed).toBe('next');
  });

  it('does not go back when an older answer comes late', () => {
    const store = createRunStore();
    store.getState().follow('r');
    store.getState().receive({ kind: 'run', run: run('succeeded') });
    store
      .getState()
      .receive({ kind: 'step', runId: 'r', workflowId: 'w', step: step({ status: 'succeeded', finishedAt: 9 }) });
    store.getState().show({ ...run('running'), steps: [step({ status: 'running' })] });
    expect(store.getState().run?.status).toBe('succeeded');
    expect(store.getState().steps.a?.status).toBe('succeeded');
  });

  it('goes on to the next attempt of a step', () => {
    const store = createRunStore();
    store.getState().follow('r');
    store
      .getState()
      .receive({ kind: 'step', runId: 'r', workflowId: 'w', step: step({ status: 'failed', finishedAt: 9 }) });
    store.getState().receive({ kind: 'step', runId: 'r', workflowId: 'w', step: step({ attempts: 2 }) });
    expect(store.getState().steps.a?.status).toBe('running');
  });

  it('starts empty with another run', () => {
    const store = createRunStore();
    store.getState().follow('r');
    store.getState().receive({ kind: 'run', run: run('running') });
    store.getState().follow('s');
    expect(store.getState().run).toBeUndefined();
  });

  it('keeps what other steps did while one is run alone', () => {
    const store = createRunStore();
    store.getState().follow('r');
    store.getState().receive({ kind: 'step', runId: 'r', workflowId: 'w', step: step({ out: { records: 2 } }) });
    store
      .getState()
      .receive({ kind: 'step', runId: 'r', workflowId: 'w', step: step({ node: 'b', out: { records: 2 } }) });
    store.getState().follow('s', new Set(['b']));
    store
      .getState()
      .show({ ...run('running'), id: 's', steps: [step({ status: 'skipped' }), step({ node: 'b', in: 7 })] });
    expect(store.getState().steps.a?.out).toEqual({ records: 2 });
    expect(store.getState().steps.b?.in).toBe(7);
  });
});
