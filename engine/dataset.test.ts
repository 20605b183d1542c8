import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Origins } from '../sdk/index.ts';
import { FolderBlobs } from '../server/storage/blobs/folder-blobs.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { concatenated, type Dataset, MemoryDataset, openDataset } from './dataset.ts';
import { DatasetWriter } from './dataset-writer.ts';

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
