import { mkdtemp, readFile as readWhole, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNode, testNode } from '../../sdk/testing/index.ts';
import readFile from './read-file.ts';
import writeFile from './write-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-file-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

testNode(writeFile, { setUp: () => ({ folder }) });

const inputs = [
  { id: 1, name: 'Lee, Ann', tags: ['a'] },
  { id: 2, extra: 'x\ny' },
];
const written = async (
  path: string,
  params: Record<string, unknown> = {},
  records: Record<string, unknown>[] = inputs,
) => {
  await runNode(writeFile, { params: { path, ...params }, inputs: records, folder, batchSize: 1 });
  return readWhole(join(folder, path), 'utf8');
};

describe('write-file', () => {
  it('writes all fields that appear, quoted where needed', async () => {
    expect(await written('a.csv')).toBe('id,name,tags,extra\n1,"Lee, Ann","[""a""]",\n2,,,"x\ny"\n');
  });

  it('writes the columns that are chosen, in that order', async () => {
    expect(await written('b.csv', { columns: ['name', 'id'], delimiter: ';', header: false })).toBe('Lee, Ann;1\n;2\n');
  });

  it('writes JSON, NDJSON and text', async () => {
    expect(JSON.parse(await written('a.json'))).toEqual(inputs);
    expect(JSON.parse(await written('b.json', {}, []))).toEqual([]);
    expect(await written('a.ndjson', { columns: ['id'] })).toBe('{"id":1}\n{"id":2}\n');
    expect(await written('a.txt', { format: 'lines' }, [{ text: 'one' }, { text: null }])).toBe('one\n\n');
  });

  it('makes files that Excel opens safely', async () => {
    const content = await written('x.csv', { forExcel: true }, [{ a: '=HYPERLINK("x")' }]);
    expect(content.startsWith('\uFEFFa\n')).toBe(true);
    expect(content).toContain("'=HYPERLINK");
  });

  it('gives back what was written', async () => {
    const records = [
      { code: '007', n: 1.5, ok: true, note: 'a "b", c' },
      { code: '010', n: -2, ok: false, note: null },
    ];
    await written('round.csv', {}, records);
    const { ports } = await runNode(readFile, { params: { path: 'round.csv' }, folder });
    expect(ports.records).toEqual(records);
  });

  it('keeps the file with the record, to send it on', async () => {
    const { ports } = await runNode(writeFile, {
      params: { path: 'out/orders.csv', as: 'attachment' },
      inputs,
      folder,
    });
    expect(ports.records).toMatchObject([{ records: 2, file: { $file: { name: 'orders.csv', mime: 'text/csv' } } }]);
  });

  it('writes once, also after a crash', async () => {
    const { calls } = await runNode(writeFile, { params: { path: 'once.csv' }, inputs, folder });
    const kept = Object.fromEntries(calls.map((call) => [call.key, call.result]));
    await rm(join(folder, 'once.csv'));
    const again = await runNode(writeFile, { params: { path: 'once.csv' }, inputs, folder, keptCalls: kept });
    expect(again.ports.records).toMatchObject([{ path: 'once.csv', records: 2 }]);
    await expect(readWhole(join(folder, 'once.csv'))).rejects.toThrow();
  });

  it('leaves nothing half-written when it is stopped', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(runNode(writeFile, { params: { path: 'half.csv' }, inputs, folder, signal })).rejects.toThrow(
      'stopped',
    );
    await expect(readWhole(join(folder, 'half.csv'))).rejects.toThrow();
  });

  it('stays inside the file area', async () => {
    await expect(runNode(writeFile, { params: { path: '/etc/x.csv' }, folder })).rejects.toMatchObject({
      code: 'file-outside',
    });
  });
});
