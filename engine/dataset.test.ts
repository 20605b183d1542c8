import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Origins, origin } from '../sdk/index.ts';
import { FolderBlobs } from '../server/storage/blobs/folder-blobs.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { sliceOrigins } from './chunk-origins.ts';
import { concatenated, type Dataset, MemoryDataset, openDataset } from './dataset.ts';
import { DatasetWriter } from './dataset-writer.ts';
import type { DatasetRef } from './journal.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-datasets-'));
const blobs = new FolderBlobs(folder);
afterAll(() => {
  blobs.close();
  rmSync(folder, { recursive: true });
});

let names = 0;
async function written(batches: readonly { records: DataRecord[]; origins: Origins }[]) {
  const writer = new DatasetWriter(blobs, `test/${names++}`);
  for (const { records, origins } of batches) await writer.write(records, origins);
  return writer.finish();
}

const bytesOf = (ref: DatasetRef) => ('blob' in ref ? ref.bytes : Number.NaN);

function all(dataset: Dataset): DataRecord[] {
  return [...dataset.batches()].flatMap((batch) => batch.records);
}

const wide = (n: number) => ({ n, text: 'x'.repeat(2000), nested: { list: [n, null, '12345678901234567890'] } });

describe('a dataset', () => {
  it('spills when it is large, and reads back the same by position and in order', async () => {
    const records = Array.from({ length: 5000 }, (_, n) => wide(n));
    const batches = [0, 1, 2, 3, 4].map((k) => ({
      records: records.slice(k * 1000, k * 1000 + 1000),
      origins: { from: k * 1000 },
    }));
    const { dataset, ref } = await written(batches);
    expect('blob' in ref).toBe(true);
    const again = openDataset(blobs, JSON.parse(JSON.stringify(ref)));
    for (const one of [dataset, again]) {
      expect(one.count).toBe(5000);
      expect(all(one)).toEqual(records);
      expect(one.slice(1999, 3)).toEqual(records.slice(1999, 2002));
      expect(one.recordAt(4999)).toEqual(records[4999]);
      expect(one.recordAt(5000)).toBeUndefined();
      expect(one.originAt(4321)).toBe(4321);
      expect([...one.batches(700)].map((batch) => [batch.start, batch.records.length])).toEqual(
        [0, 700, 1400, 2100, 2800, 3500, 4200, 4900].map((start) => [start, Math.min(700, 5000 - start)]),
      );
    }
  });

  it('leaves the arrays that it was given alone', async () => {
    const first = [{ n: 1 }];
    const { dataset } = await written([
      { records: first, origins: undefined },
      { records: [{ n: 2 }], origins: undefined },
    ]);
    expect(first).toEqual([{ n: 1 }]);
    expect(all(dataset)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('leaves no file behind when it is given up', async () => {
    const writer = new DatasetWriter(blobs, 'given-up/0');
    await writer.write(
      Array.from({ length: 3000 }, (_, n) => wide(n)),
      undefined,
    );
    await writer.write(
      Array.from({ length: 3000 }, (_, n) => wide(n)),
      undefined,
    );
    await expect.poll(() => existsSync(join(folder, 'given-up'))).toBe(true);
    await writer.abandon();
    expect(existsSync(join(folder, 'given-up'))).toBe(false);
  });

  it('keeps records and origins through any way of writing them', async () => {
    const origins = fc.oneof(fc.constant(undefined), fc.record({ from: fc.nat(1000) }), fc.constant('list' as const));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(40), origins), { maxLength: 8 }), async (shape) => {
        let n = 0;
        const batches = shape.map(([size, kind]) => {
          const records = Array.from({ length: size }, () => ({ n: n++ }));
          return { records, origins: kind === 'list' ? records.map((record) => [record.n, record.n + 1]) : kind };
        });
        const expected = batches.flatMap(({ records, origins: given }) =>
          records.map((_, i) => (given === undefined ? [] : 'from' in given ? given.from + i : given[i])),
        );
        const { dataset } = await written(batches);
        expect(all(dataset).map((record) => record.n)).toEqual(Array.from({ length: n }, (_, i) => i));
        expect(expected.map((_, i) => dataset.originAt(i) ?? [])).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a dataset that is laid over another', () => {
  const wider = (n: number) => ({ ...wide(n), more: n % 3 === 0 ? null : `more ${n}`, n: n * 2 });
  const SET = ['more', 'n'];
  const base = Array.from({ length: 6000 }, (_, n) => wide(n));

  async function laidOver(under: Dataset, records: DataRecord[], origins: Origins, set?: readonly string[]) {
    const writer = new DatasetWriter(blobs, `test/${names++}`, { base: under.asBase });
    for (let from = 0; from < records.length; from += 1000) {
      await writer.write(records.slice(from, from + 1000), sliceOrigins(origins, from, from + 1000), set);
    }
    return writer.finish();
  }

  it('keeps only what was set, and reads back the same by position and in order', async () => {
    const under = await written([{ records: base, origins: undefined }]);
    const kept = base.flatMap(({ n }) => (n % 4 === 1 ? [] : [n]));
    const records = kept.map(wider);
    const whole = await laidOver(under.dataset, records, kept);
    const laid = await laidOver(under.dataset, records, kept, SET);
    expect(laid.ref).toMatchObject({ over: under.ref });
    expect(bytesOf(laid.ref)).toBeLessThan(bytesOf(whole.ref));
    const again = openDataset(blobs, JSON.parse(JSON.stringify(laid.ref)));
    for (const one of [laid.dataset, again]) {
      expect(all(one)).toEqual(records);
      expect(Object.keys(one.recordAt(9) ?? {})).toEqual(Object.keys(records[9] ?? {}));
      expect(one.slice(1999, 3)).toEqual(records.slice(1999, 2002));
      expect(one.originAt(4321)).toBe(kept[4321]);
    }
  });

  it('holds records whole that do not all come from the first input, or lack one of the fields', async () => {
    const under = await written([{ records: base, origins: undefined }]);
    const records = base.map(({ n }) => wider(n));
    const elsewhere = base.map(({ n }) => [n < 3000 ? n : origin(1, n)]);
    expect(all((await laidOver(under.dataset, records, elsewhere, SET)).dataset)).toEqual(records);
    expect(all((await laidOver(under.dataset, records, undefined, SET)).dataset)).toEqual(records);
    const lacking = records.map(({ more, ...rest }) => (rest.n === 0 ? rest : { ...rest, more }));
    expect(all((await laidOver(under.dataset, lacking, { from: 0 }, SET)).dataset)).toEqual(lacking);
  });

  it('tells records of which that is known from others', async () => {
    const under = await written([{ records: base, origins: undefined }]);
    const writer = new DatasetWriter(blobs, `test/${names++}`, { base: under.dataset.asBase });
    const other = base.map(({ n }) => ({ other: n }));
    for (let from = 0; from < 6000; from += 500) {
      const isOther = from % 1500 === 0;
      const records = isOther ? other : base.map(({ n }) => wider(n));
      await writer.write(records.slice(from, from + 500), { from }, isOther ? undefined : SET);
    }
    const { dataset } = await writer.finish();
    const expected = base.map(({ n }) => (n % 1500 < 500 ? { other: n } : wider(n)));
    expect(all(dataset)).toEqual(expected);
  });

  it('lies on three others at the most', async () => {
    let under = await written([{ records: base, origins: undefined }]);
    const layers: number[] = [];
    for (let k = 0; k < 6; k++) {
      const set = `set ${k}`;
      const records = all(under.dataset).map((record) => ({ ...record, [set]: k }));
      under = await laidOver(under.dataset, records, { from: 0 }, [set]);
      layers.push(under.dataset.asBase?.layers ?? 0);
    }
    expect(layers).toEqual([1, 2, 3, 0, 1, 2]);
    expect(under.dataset.recordAt(5999)).toEqual({
      ...base[5999],
      ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((k) => [`set ${k}`, k])),
    });
  });
});

describe('datasets one after another', () => {
  it('count their positions through', () => {
    const parts = [3, 0, 2].map(
      (size, k) =>
        new MemoryDataset(
          Array.from({ length: size }, (_, i) => ({ k, i })),
          undefined,
        ),
    );
    const joined = concatenated(parts);
    expect(joined.count).toBe(5);
    expect(joined.slice(2, 2)).toEqual([
      { k: 0, i: 2 },
      { k: 2, i: 0 },
    ]);
    expect(joined.recordAt(4)).toEqual({ k: 2, i: 1 });
    expect([...joined.batches()].map((batch) => batch.start)).toEqual([0, 3]);
    expect([...joined.batches(2)].map((batch) => batch.records.length)).toEqual([2, 2, 1]);
  });
});
