import { describe, expect, it } from 'vitest';
import { runNode, testNode, testNow } from '../../sdk/testing/index.ts';
import wait from './wait.ts';

testNode(wait);

const inputs = [{ a: 1 }, { a: 2 }];

describe('wait', () => {
  it('sleeps for a time and then passes the records on', async () => {
    const asleep = await runNode(wait, { params: { for: '10m' }, inputs });
    expect(asleep.suspended).toEqual({ kind: 'until', at: testNow + 600_000 });
    expect(asleep.ports).toEqual({});
    const awake = await runNode(wait, { params: { for: '10m' }, inputs, answers: [{ kind: 'elapsed' }] });
    expect(awake.ports.records).toEqual(inputs);
  });

  it('reads a moment in the zone of the workflow', async () => {
    const run = { id: 'r', workflowId: 'w', workflowName: 'W', startedAt: testNow, zone: 'Europe/Berlin' };
    const { suspended } = await runNode(wait, { params: { until: '2026-03-03T08:00' }, inputs, ctx: { run } });
    expect(suspended).toEqual({ kind: 'until', at: Date.UTC(2026, 2, 3, 7) });
  });

  it('does not wait for a moment that has come', async () => {
    const { suspended, ports } = await runNode(wait, { params: { until: '2026-03-01' }, inputs });
    expect(suspended).toBeUndefined();
    expect(ports.records).toEqual(inputs);
  });

  it('goes the way that was decided', async () => {
    const params = { approval: { people: ['ann@example.com'], message: 'Send?', timeout: '2d' } };
    const { suspended } = await runNode(wait, { params, inputs });
    expect(suspended).toEqual({
      kind: 'approval',
      people: ['ann@example.com'],
      message: 'Send?',
      until: testNow + 172_800_000,
    });
    const yes = await runNode(wait, { params, inputs, answers: [{ kind: 'approved', by: 'ann', comment: 'ok' }] });
    expect(yes.ports).toEqual({
      approved: inputs.map((record) => ({ ...record, _approval: { by: 'ann', comment: 'ok' } })),
    });
    const no = await runNode(wait, { params, inputs, answers: [{ kind: 'declined', by: 'ann' }] });
    expect(Object.keys(no.ports)).toEqual(['declined']);
    const late = await runNode(wait, { params, inputs, answers: [{ kind: 'elapsed' }] });
    expect(late.ports).toEqual({ 'timed-out': inputs });
  });

  it('takes what a call from outside brings, and fails when none comes', async () => {
    const params = { callback: { timeout: '1h' } };
    const { ports } = await runNode(wait, {
      params,
      inputs: [{ a: 1 }],
      answers: [{ kind: 'called', body: { ok: true } }],
    });
    expect(ports.records).toEqual([{ a: 1, _callback: { ok: true } }]);
    await expect(runNode(wait, { params, inputs, answers: [{ kind: 'elapsed' }] })).rejects.toMatchObject({
      code: 'wait-timed-out',
    });
  });

  it('wants to know exactly one thing to wait for', async () => {
    await expect(runNode(wait, { params: {} })).rejects.toMatchObject({ code: 'wait-unclear' });
    await expect(runNode(wait, { params: { for: '1s', until: '2026-01-01' } })).rejects.toMatchObject({
      class: 'config',
    });
    await expect(runNode(wait, { params: { until: 'tomorrow' } })).rejects.toMatchObject({ code: 'bad-date' });
  });
});
