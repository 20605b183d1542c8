import { describe, expect, it } from 'vitest';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import combine from './combine.ts';
import generate from './generate.ts';
import splitOut from './split-out.ts';

testNode(splitOut);
testNode(combine);
testNode(generate);

describe('split-out', () => {
  it('gives each entry the origin of its record', async () => {
    const { ports, origins } = await runNode(splitOut, {
      params: { field: 'l' },
      inputs: [{ l: [] }, { l: [1, null] }, {}],
    });
    expect(ports.records).toEqual([{ l: 1 }, { l: null }]);
    expect(origins.records).toEqual([1, 1]);
  });

  it('keeps records without entries when asked to, and rejects what is no list', async () => {
    const { ports } = await runNode(splitOut, {
      params: { field: 'l', as: 'entry', keepEmpty: true },
      inputs: [
        { id: 1, l: [] },
        { id: 2, l: 'text' },
        { id: 3, l: [7] },
      ],
    });
    expect(ports.records).toEqual([
      { id: 1, entry: null },
      { id: 3, entry: 7 },
    ]);
    expect(ports.rejected).toMatchObject([{ id: 2, _rejected: { code: 'not-a-list', field: 'l' } }]);
  });
});

describe('combine', () => {
  it('gives one record, also over nothing, and it came from all', async () => {
    const some = await runNode(combine, { inputs: [{ a: 1 }, { a: 2 }] });
    expect(some.ports.records).toEqual([{ records: [{ a: 1 }, { a: 2 }] }]);
    expect(some.origins.records).toEqual([[0, 1]]);
    const none = await runNode(combine, { inputs: [] });
    expect(none.ports.records).toEqual([{ records: [] }]);
  });
});

describe('generate', () => {
  it('makes one set for the step, however many records come in', async () => {
    const { ports } = await runNode(generate, {
      params: { count: 2, fields: { i: '={{ $index }}' } },
      inputs: [{}, {}, {}],
    });
    expect(ports.records).toEqual([{ i: 0 }, { i: 1 }]);
  });

  it('makes a set for each record where the count comes from it', async () => {
    const { ports, origins } = await runNode(generate, {
      params: { count: '={{ $json.n }}', fields: { of: '={{ $json.name }}', i: '={{ $index }}' } },
      inputs: [
        { n: 1, name: 'a' },
        { n: 2, name: 'b' },
      ],
    });
    expect(ports.records).toEqual([
      { of: 'a', i: 0 },
      { of: 'b', i: 0 },
      { of: 'b', i: 1 },
    ]);
    expect(origins.records).toEqual([0, 1, 1]);
  });

  it('makes more than a batch', async () => {
    const { ports } = await runNode(generate, { params: { count: 2_500, fields: { i: '={{ $index }}', f: 1 } } });
    expect(ports.records).toHaveLength(2_500);
    expect(ports.records?.at(-1)).toEqual({ i: 2_499, f: 1 });
  });
});
