import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { batches } from '../call-runners.ts';
import { NodeError } from '../errors.ts';
import { field } from '../fields.ts';
import { defineNode } from '../node.ts';
import { each } from '../runners.ts';
import { runNode } from './run-node.ts';
import { testNode } from './test-node.ts';

const double = defineNode(
  {
    type: 'test.double',
    version: 2,
    title: 'Double',
    summary: 'Double by {factor}',
    connector: 'test',
    category: 'data',
    keywords: ['times'],
    params: z.strictObject({ factor: field.number({ label: 'Factor' }) }),
    outputs: ['records', 'rejected'],
    upgrades: { 1: ({ by, ...rest }) => ({ ...rest, factor: by }) },
    examples: [
      {
        title: 'Doubles',
        params: { factor: 2 },
        input: [{ n: 1 }, { n: 2 }],
        output: { records: [{ n: 2 }, { n: 4 }] },
      },
    ],
  },
  each((record, { factor }) => {
    if (typeof record.n !== 'number') {
      throw new NodeError({ class: 'bad-data', code: 'no-number', message: 'No n.', remedy: 'Give n.', field: 'n' });
    }
    return { n: record.n * factor };
  }),
);

testNode(double);

describe('runNode', () => {
  it('gives records and their origins by port, and rejected records with the reason', async () => {
    const { ports, origins } = await runNode(double, {
      params: { factor: 3 },
      inputs: [{ n: 1 }, {}, { n: 2 }],
      batchSize: 2,
    });
    expect(ports.records).toEqual([{ n: 3 }, { n: 6 }]);
    expect(origins.records).toEqual([0, 2]);
    expect(ports.rejected).toEqual([
      { _rejected: { code: 'no-number', message: 'No n.', remedy: 'Give n.', field: 'n' } },
    ]);
    expect(origins.rejected).toEqual([1]);
  });

  it('rejects a record whose template fails, and goes on', async () => {
    const { ports } = await runNode(double, {
      params: { factor: '={{ $json.f }}' },
      inputs: [
        { n: 1, f: 'x' },
        { n: 1, f: 5 },
      ],
    });
    expect(ports.records).toEqual([{ n: 5 }]);
    expect(ports.rejected).toMatchObject([{ n: 1, f: 'x', _rejected: { code: 'parameter-wrong', field: 'Factor' } }]);
  });

  it('upgrades parameters of an earlier version', async () => {
    const { ports } = await runNode(double, { params: { by: 2 }, version: 1, inputs: [{ n: 4 }] });
    expect(ports.records).toEqual([{ n: 8 }]);
  });

  it('fails with a wrong parameter, or gives the failure when asked', async () => {
    await expect(runNode(double, { params: {} })).rejects.toMatchObject({ class: 'config' });
    const { error } = await runNode(double, { params: {}, mayFail: true });
    expect(error).toMatchObject({ class: 'config', message: 'Factor is missing.' });
  });

  it('does not make a call again whose result was kept', async () => {
    let made = 0;
    const send = defineNode(
      {
        type: 'test.send',
        version: 1,
        title: 'Send',
        summary: 'Send',
        connector: 'test',
        category: 'connector',
        params: z.strictObject({}),
      },
      batches(2, async (items) => {
        made++;
        return items.map(({ record }) => ({ record }));
      }),
    );
    const inputs = [{ a: 1 }, { a: 2 }, { a: 3 }];
    const first = await runNode(send, { inputs });
    expect(made).toBe(2);
    const kept = Object.fromEntries(first.calls.slice(0, 1).map((call) => [call.key, call.result]));
    const second = await runNode(send, { inputs, keptCalls: kept });
    expect(made).toBe(3);
    expect(second.ports.records).toEqual(inputs);
    expect(second.calls.map((call) => call.outcome)).toEqual(['kept', 'done']);
  });
});
