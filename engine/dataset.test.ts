import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Origins, origin, originAt } from '../sdk/index.ts';
import { FolderBlobs } from '../server/storage/blobs/folder-blobs.ts';
import { Columns } from '../spec/workflow/columns.ts';
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

function originsOf(kind: string, start: number, count: number): Origins {
  const numbers = Float64Array.from({ length: count }, (_, i) => (start + i) * 3);
  if (kind === 'run') return { from: start * 2 };
  if (kind === 'list') return Array.from(numbers, (one) => (one % 2 === 0 ? one : [one, one + 1]));
  if (kind === 'numbers') return { places: [numbers] };
  return kind === 'pairs' ? { places: [numbers, numbers.map((one) => origin(1, one))] } : undefined;
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

  it('keeps records and origins through any way of writing them, in memory and on disk', async () => {
    const kinds = ['none', 'run', 'list', 'numbers', 'pairs'] as const;
    const shape = fc.array(
      fc.tuple(fc.nat(40), fc.constantFrom(...kinds), fc.constantFrom('rows', 'columns', 'other')),
      {
        maxLength: 8,
      },
    );
    await fc.assert(
      fc.asyncProperty(shape, fc.boolean(), async (batches, isSpilled) => {
        const writer = new DatasetWriter(blobs, `test/${names++}`, { spillBytes: isSpilled ? 0 : 1_000_000 });
        const expected: { record: DataRecord; from: unknown }[] = [];
        for (const [size, kind, form] of batches) {
          const start = expected.length;
          const records = Array.from({ length: size }, (_, i) =>
            form === 'other' ? { m: start + i, text: 'm' } : { n: start + i, text: `${i}` },
          );
          const origins = originsOf(kind, start, size);
          records.forEach((record, i) => {
            expected.push({ record, from: originAt(origins, i) ?? [] });
          });
          const columns = form === 'rows' ? undefined : Columns.of(records);
          await (columns ? writer.writeColumns(columns, origins) : writer.write(records, origins));
        }
        const { dataset, ref } = await writer.finish();
        for (const one of [dataset, openDataset(blobs, JSON.parse(JSON.stringify(ref)))]) {
          expect(all(one)).toEqual(expected.map(({ record }) => record));
          expect(expected.map((_, i) => one.originAt(i) ?? [])).toEqual(expected.map(({ from }) => from));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is read while columns are written to it, as columns and by position', async () => {
    const writer = new DatasetWriter(blobs, `test/${names++}`);
    writer.keepFrom(0);
    for (let k = 0; k < 30; k++) {
      const records = Array.from({ length: 1000 }, (_, i) => wide(k * 1000 + i));
      await writer.writeColumns(Columns.of(records) as Columns, { from: k * 1000 });
    }
    for (let position = 0; position < writer.count; ) {
      const batch = writer.batchAt(position);
      expect(batch?.start).toBe(position);
      expect(batch?.columns?.column('n')?.[0]).toBe(position);
      position += batch?.columns?.count ?? Number.NaN;
    }
    expect(writer.batchAt(12_345, 2)?.records).toEqual([wide(12_345), wide(12_346)]);
    expect(writer.batchAt(29_999, 5)?.records).toEqual([wide(29_999)]);
    expect(writer.batchAt(30_000)).toBeUndefined();
    await writer.abandon();
  });
});

describe('chunks of a dataset that comes as columns', () => {
  /** Columns of a number and a text that all rows share, so that they are many only once they are written. */
  const sharing = (count: number, text: string) =>
    new Columns(count, ['n', 'text'], [Float64Array.from({ length: count }, (_, n) => n), new Array(count).fill(text)]);

  it('hold fewer records where these become larger', async () => {
    const writer = new DatasetWriter(blobs, `test/${names++}`);
    for (let k = 0; k < 14; k++) {
      await writer.writeColumns(sharing(2_000, 'x'.repeat(k < 2 ? 1 : 30_000)), { from: k * 2_000 });
    }
    const { ref } = await writer.finish();
    const chunks = 'chunks' in ref ? ref.chunks : [];
    const starts = chunks.filter((_, i) => i % 3 === 0);
    const counts = starts.map((start, i) => (starts[i + 1] ?? 28_000) - start);
    expect(counts.length).toBeGreaterThan(50);
    expect(Math.max(...counts.slice(2))).toBeLessThan(1_000);
  });

  it('are made only as fast as they are written', async () => {
    const writer = new DatasetWriter(blobs, `test/${names++}`);
    const before = process.memoryUsage().arrayBuffers;
    const written = writer.writeColumns(sharing(800, 'x'.repeat(500_000)), { from: 0 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000);
    await written;
    const { dataset } = await writer.finish();
    expect(dataset.recordAt(799)).toEqual({ n: 799, text: 'x'.repeat(500_000) });
    expect(dataset.originAt(798)).toBe(798);
  });

  it('are made no more once it is given up', async () => {
    const writer = new DatasetWriter(blobs, 'given-up/1');
    const written = writer.writeColumns(sharing(100, 'x'.repeat(500_000)), { from: 0 });
    await writer.abandon();
    expect(existsSync(join(folder, 'given-up'))).toBe(false);
    // Nobody may be there to hear of a failure.
    await expect(written).resolves.toBeUndefined();
  });

  it('are cut while it is read, by position and in order', async () => {
    const writer = new DatasetWriter(blobs, `test/${names++}`);
    writer.keepFrom(0);
    const written = writer.writeColumns(sharing(60, 'x'.repeat(500_000)), { from: 0 });
    const read: unknown[] = [];
    for (let batch = writer.batchAt(0); batch; batch = writer.batchAt(read.length)) {
      expect(batch.start).toBe(read.length);
      read.push(...batch.records.map(({ n }) => n));
    }
    expect(read).toEqual(Array.from({ length: 60 }, (_, n) => n));
    expect(writer.batchAt(57, 1)?.records[0]?.n).toBe(57);
    await written;
    await writer.write([{ other: 1 }], { from: 60 });
    const { dataset } = await writer.finish();
    expect(dataset.slice(58, 5).map(({ n, other }) => n ?? other)).toEqual([58, 59, 1]);
    expect([0, 59, 60].map((at) => dataset.originAt(at))).toEqual([0, 59, 60]);
  });
});

describe('a dataset that is laid over another', () => {
  const wider = (n: number) => ({ ...wide(n), more: n % 3 === 0 ? null : `more ${n}`, n: n * 2 });
  const SET = ['more', 'n'];
  const base = Array.from({ length: 6000 }, (_, n) => wide(n));

  async function laidOver(
    under: Dataset,
    records: DataRecord[],
    origins: Origins,
    set?: readonly string[],
    asColumns = false,
  ) {
    const writer = new DatasetWriter(blobs, `test/${names++}`, { base: under.asBase });
    for (let from = 0; from < records.length; from += 1000) {
      const some = records.slice(from, from + 1000);
      const own = sliceOrigins(origins, from, from + 1000);
      const columns = asColumns ? Columns.of(some) : undefined;
      await (columns ? writer.writeColumns(columns, own, set) : writer.write(some, own, set));
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
    const columns = await laidOver(under.dataset, records, { places: [Float64Array.from(kept)] }, SET, true);
    expect(columns.ref).toMatchObject({ over: under.ref });
    for (const one of [laid.dataset, again, columns.dataset]) {
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
