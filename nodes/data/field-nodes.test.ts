import { describe, expect, it } from 'vitest';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import filter from './filter.ts';
import limit from './limit.ts';
import pickFields from './pick-fields.ts';
import renameFields from './rename-fields.ts';
import setFields from './set-fields.ts';

testNode(setFields);
testNode(renameFields);
testNode(pickFields);
testNode(filter);
testNode(limit);

const numbers = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

describe('set-fields', () => {
  const inputs = [{ a: 1, b: 2, c: 3 }];
  it.each([
    [{ keep: 'all' }, { a: 1, b: 2, c: 3, x: 9 }],
    [{ keep: 'none' }, { x: 9 }],
    [
      { keep: 'listed', names: ['b'] },
      { b: 2, x: 9 },
    ],
    [
      { keep: 'except', names: ['b'] },
      { a: 1, c: 3, x: 9 },
    ],
  ])('keeps other fields as told: %j', async (more, expected) => {
    const { ports } = await runNode(setFields, { params: { fields: { x: 9 }, ...more }, inputs });
    expect(ports.records).toEqual([expected]);
  });

  it('changes a field in its place and keeps types', async () => {
    const { ports } = await runNode(setFields, { params: { fields: { a: '={{ [$json.b, null, true] }}' } }, inputs });
    expect(Object.entries(ports.records?.[0] ?? {})[0]).toEqual(['a', [2, null, true]]);
  });

  it('rejects the record whose formula fails, with the reason, and goes on', async () => {
    const { ports } = await runNode(setFields, {
      params: { fields: { x: '={{ $json.a - 1 }}' } },
      inputs: [{ a: 'one' }, { a: 3 }],
    });
    expect(ports.records).toEqual([{ a: 3, x: 2 }]);
    expect(ports.rejected).toMatchObject([{ a: 'one', _rejected: { code: 'not-a-number', field: 'Fields' } }]);
  });
});

describe('rename-fields', () => {
  it('keeps the order of fields and can swap names', async () => {
    const { ports } = await runNode(renameFields, { params: { fields: { a: 'b', b: 'a' } }, inputs: [{ a: 1, b: 2 }] });
    expect(Object.entries(ports.records?.[0] ?? {})).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
  });

  it('loses no field where a name is taken: the record is rejected', async () => {
    const { ports } = await runNode(renameFields, { params: { fields: { a: 'b' } }, inputs: [{ a: 1, b: 2 }] });
    expect(ports).toMatchObject({ rejected: [{ a: 1, b: 2, _rejected: { code: 'field-taken' } }] });
  });
});

describe('limit', () => {
  it.each([
    [{ count: 3 }, [0, 1, 2]],
    [{ count: 0 }, []],
    [{ count: 99 }, [0, 1, 2, 3, 4, 5, 6]],
    [{ count: 3, from: 'end' }, [4, 5, 6]],
    [{ count: 99, from: 'end' }, [0, 1, 2, 3, 4, 5, 6]],
  ])('gives the right records over batches: %j', async (params, expected) => {
    const { ports, origins } = await runNode(limit, { params, inputs: numbers(7), batchSize: 2 });
    expect((ports.records ?? []).map((record) => record.n)).toEqual(expected);
    expect(origins.records ?? []).toEqual(expected);
  });
});

it('pick-fields reaches into values, and a field that has dots in its name comes first', async () => {
  const inputs = [
    { Account: { Name: 'ACME' } },
    { 'Account.Name': 'own', Account: { Name: 'ACME' } },
    { Account: null },
  ];
  const { ports } = await runNode(pickFields, { params: { fields: ['Account.Name'] }, inputs });
  expect(ports.records).toEqual([{ 'Account.Name': 'ACME' }, { 'Account.Name': 'own' }, { 'Account.Name': null }]);
});
