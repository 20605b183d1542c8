import { expect, it } from 'vitest';
import type { WaitOutcome } from '../../sdk/index.ts';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import runWorkflow from './run-workflow.ts';

const done: WaitOutcome = { kind: 'finished', status: 'succeeded', output: [{ total: 5 }] };

testNode(runWorkflow, { setUp: () => ({ answers: [done] }) });

it('starts one run with all records, waits for it and gives its result', async () => {
  const inputs = [{ id: 1 }, { id: 2 }];
  const { ports, origins, effects } = await runNode(runWorkflow, {
    params: { workflow: 'sum' },
    inputs,
    answers: [done],
  });
  expect(effects.startedRuns).toMatchObject([{ workflowId: 'sum', records: inputs }]);
  expect(effects.waits).toEqual([{ kind: 'run', runId: 'started-1' }]);
  expect(ports.records).toEqual([{ total: 5 }]);
  expect(origins.records).toEqual([[0, 1]]);
});

it('starts a run for each record with the input made for it, and rejects the record whose run failed', async () => {
  const { ports, effects } = await runNode(runWorkflow, {
    params: { workflow: 'sum', each: true, input: { n: '={{ $json.id * 10 }}' } },
    inputs: [{ id: 1 }, { id: 2 }],
    answers: [{ kind: 'finished', status: 'failed', output: [] }, done],
  });
  expect(effects.startedRuns.map((run) => run.records)).toEqual([[{ n: 10 }], [{ n: 20 }]]);
  expect(ports.records).toEqual([{ total: 5 }]);
  expect(ports.rejected).toMatchObject([{ id: 1, _rejected: { code: 'workflow-failed' } }]);
});

it('goes on at once when it need not wait', async () => {
  const { ports, effects } = await runNode(runWorkflow, {
    params: { workflow: 'sum', each: true, waitForIt: false },
    inputs: [{ id: 1 }],
  });
  expect(effects.waits).toEqual([]);
  expect(ports.records).toEqual([{ id: 1, _run: 'started-1' }]);
});

it('fails when the run failed', async () => {
  const answers: WaitOutcome[] = [{ kind: 'finished', status: 'failed', output: [], why: 'No such customer.' }];
  const run = runNode(runWorkflow, { params: { workflow: 'sum' }, inputs: [{ id: 1 }], answers });
  await expect(run).rejects.toMatchObject({
    code: 'workflow-failed',
    message: 'The run of "sum" failed: No such customer.',
  });
});
