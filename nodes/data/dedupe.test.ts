import { describe, expect, it } from 'vitest';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import dedupe from './dedupe.ts';
import { exactKey, recordKey } from './exact-key.ts';

testNode(dedupe);

const inputs = [{ k: 1, n: 0 }, { k: '1', n: 1 }, { k: 1, n: 2 }, { n: 3 }, { k: null, n: 4 }];
const kept = (result: { ports: Readonly<Record<string, readonly Record<string, unknown>[]>> }) =>
  (result.ports.records ?? []).map((record) => record.n);

describe('dedupe', () => {
  it('compares by type and value; empty values are equal', async () => {
    const result = await runNode(dedupe, { params: { by: ['k'] }, inputs, batchSize: 2 });
    expect(kept(result)).toEqual([0, 1, 3]);
    expect(result.origins.records).toEqual([0, 1, 3]);
    expect(result.origins.duplicates).toEqual([2, 4]);
  });

  it('keeps the last one, in its place', async () => {
    expect(kept(await runNode(dedupe, { params: { by: ['k'], keep: 'last' }, inputs, batchSize: 2 }))).toEqual([
      1, 2, 4,
    ]);
  });

  it('compares whole records, whatever the order of their fields', async () => {
    const { ports } = await runNode(dedupe, {
      inputs: [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
        { a: 1, b: [3] },
      ],
    });
    expect(ports.records).toHaveLength(2);
  });

  it('remembers over runs what it has seen', async () => {
    const memory = new Map<string, unknown>();
    const params = { by: ['k'], across: 'workflow' };
    expect(kept(await runNode(dedupe, { params, inputs: inputs.slice(0, 2), memory }))).toEqual([0, 1]);
    expect(kept(await runNode(dedupe, { params, inputs, memory }))).toEqual([3]);
    expect(kept(await runNode(dedupe, { params, inputs, memory }))).toEqual([]);
  });

  it('forgets the oldest keys beyond its limit', async () => {
    const memory = new Map<string, unknown>();
    const params = { by: ['k'], across: 'workflow', remember: 1 };
    await runNode(dedupe, { params, inputs: [{ k: 'a' }, { k: 'b' }], memory });
    expect(
      kept(
        await runNode(dedupe, {
          params,
          inputs: [
            { k: 'a', n: 1 },
            { k: 'b', n: 2 },
          ],
          memory,
        }),
      ),
    ).toEqual([1]);
  });

  it('cannot keep the last of runs to come', async () => {
    await expect(runNode(dedupe, { params: { across: 'workflow', keep: 'last' } })).rejects.toMatchObject({
      class: 'config',
    });
  });
});

describe('keys', () => {
  it('tell values of different types and content apart', () => {
    const values = [1, '1', true, 'true', 't', null, '', 'null', [1], ['1'], { a: 1 }, { a: '1' }, [[]], 'n1', 1.5];
    expect(new Set(values.map(exactKey)).size).toBe(values.length);
    expect(exactKey(-0)).toBe(exactKey(0));
    expect(exactKey({ a: 1, b: undefined })).toBe(exactKey({ a: 1 }));
  });

  it('do not run into each other', () => {
    const key = recordKey(['a', 'b']);
    expect(key({ a: 'x', b: 'ys' })).not.toBe(key({ a: 'xs', b: 'y' }));
    expect(key({ a: '1:s', b: '' })).not.toBe(key({ a: '', b: '1:s' }));
  });
});
