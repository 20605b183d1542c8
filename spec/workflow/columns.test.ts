import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areNames, Columns } from './columns.ts';
import type { DataRecord } from './record.ts';

const three = [
  { n: 1, text: 'a', any: null },
  { n: 2.5, text: 'b', any: [1] },
  { n: -3, text: '', any: 'x' },
];
const columnsOf = (records: readonly DataRecord[]) => Columns.of(records) as Columns;

/** Also the order of the fields. */
const asText = (columns: Columns) => columns.records.map((record) => JSON.stringify(record));
const textOf = (records: readonly DataRecord[]) => records.map((record) => JSON.stringify(record));

describe('columns', () => {
  it('are the records that they were made of', () => {
    const columns = columnsOf(three);
    expect(columns.count).toBe(3);
    expect(columns.column('n')).toEqual(Float64Array.of(1, 2.5, -3));
    expect(columns.column('any')).toEqual([null, [1], 'x']);
    expect(columns.column('other')).toBeUndefined();
    expect(asText(columns)).toEqual(textOf(three));
    expect(columns.records).toBe(columns.records);
  });

  it('cannot be made of records with different fields, or with names that objects put in an order of their own', () => {
    expect(Columns.of([])).toBeUndefined();
    expect(Columns.of([{}])).toBeUndefined();
    expect(Columns.of([{ a: 1 }, { b: 1 }])).toBeUndefined();
    expect(Columns.of([{ a: 1, b: 2 }, { a: 1 }])).toBeUndefined();
    expect(Columns.of([{ a: 1 }, { a: 1, b: 2 }])).toBeUndefined();
    expect(
      Columns.of([
        { a: 1, b: 2 },
        { b: 1, a: 2 },
      ]),
    ).toBeUndefined();
    expect(Columns.of([{ a: 1 }, { a: undefined }])).toBeUndefined();
    expect(Columns.of([{ 1: 1 }])).toBeUndefined();
    expect(areNames(['a', '__proto__'])).toBe(false);
    expect(areNames(['a', '10'])).toBe(false);
    expect(areNames(['a', 'b', 'a'])).toBe(false);
    expect(areNames(['a', '-1', 'constructor'])).toBe(true);
  });

  it('give some of their rows, and a stretch', () => {
    const columns = columnsOf(three);
    expect(asText(columns.pick(Uint32Array.of(2, 0, 0)))).toEqual(
      textOf([three[2], three[0], three[0]] as DataRecord[]),
    );
    expect(asText(columns.slice(1, 3))).toEqual(textOf(three.slice(1)));
    expect(columns.slice(0, 3)).toBe(columns);
    expect(columns.pick(Uint32Array.of(1)).column('n')).toEqual(Float64Array.of(2.5));
  });

  it('give a value without reading the whole column', () => {
    const columns = columnsOf(three);
    const derived = columns
      .pick(Uint32Array.of(2, 0, 1))
      .slice(1, 3)
      .with(['m'], [Float64Array.of(7, 8)]);
    expect(['n', 'text', 'any', 'm', 'other'].map((name) => derived.valueAt(name, 1))).toEqual([
      2.5,
      'b',
      [1],
      8,
      undefined,
    ]);
    const joined = Columns.joined([columns.slice(1, 2), columns.slice(0, 1)]) as Columns;
    expect(joined.valueAt('n', 1)).toBe(1);
  });

  it('let go of the many rows that they are few of, when they are told to', () => {
    const reads: string[] = [];
    const pending = (name: string) => ({
      read: () => {
        reads.push(name);
        return new Float64Array(1000);
      },
      valueAt: () => 0,
    });
    const many = () => new Columns(1000, ['a', 'b'], [pending('a'), pending('b')]);
    many().pick(new Uint32Array(500)).detach();
    many()
      .slice(10, 900)
      .with(['c'], [new Float64Array(890)])
      .detach();
    expect(reads).toEqual([]);
    many().pick(new Uint32Array(500)).pick(new Uint32Array(100)).detach();
    expect(reads).toEqual(['a', 'b']);
  });

  it('have fields set as an assignment would', () => {
    const set = columnsOf(three).with(['m', 'text'], [Float64Array.of(7, 8, 9), ['x', 'y', 'z']]);
    expect(asText(set)).toEqual(
      textOf(three.map((record, i) => Object.assign({ ...record }, { m: i + 7, text: 'xyz'[i] }))),
    );
  });

  it('are joined where they have the same fields', () => {
    const [one, two] = [columnsOf(three), columnsOf(three.slice(1).map((record) => ({ ...record, n: 'text' })))];
    expect(asText(Columns.joined([one, two]) as Columns)).toEqual(textOf([...one.records, ...two.records]));
    expect(Columns.joined([one, one])?.column('n')).toEqual(Float64Array.of(1, 2.5, -3, 1, 2.5, -3));
    expect(Columns.joined([one, columnsOf([{ n: 1 }])])).toBeUndefined();
    expect(Columns.joined([])).toBeUndefined();
  });

  it('do to any records what is done to the records themselves', () => {
    const value = fc.oneof(fc.integer(), fc.double({ noDefaultInfinity: true, noNaN: true }), fc.jsonValue());
    const records = fc.array(fc.record({ a: value, b: value }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(records, fc.array(fc.nat()), fc.nat(), (given, picks, cut) => {
        const columns = columnsOf(given);
        const rows = picks.map((pick) => pick % given.length);
        const from = cut % given.length;
        const done = columns.pick(Uint32Array.from(rows)).records;
        expect(done).toEqual(rows.map((row) => given[row]));
        expect(columns.slice(from, given.length).records).toEqual(given.slice(from));
        expect(Columns.joined([columns, columns])?.records).toEqual([...given, ...given]);
      }),
      { numRuns: 200 },
    );
  });
});
