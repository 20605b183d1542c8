import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runNode, testFiles, testNode } from '../../sdk/testing/index.ts';
import readFile from './read-file.ts';
import { jsonElements } from './read-json.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-file-'));
  await put('orders.csv', 'id,amount,paid\n007,12.5,true\n008,3,false\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

testNode(readFile, { setUp: () => ({ folder }) });

const read = async (content: string | Uint8Array, params: Record<string, unknown> = {}, path = 'x.csv') => {
  await put(path, content);
  const result = await runNode(readFile, { params: { path, ...params }, folder });
  return { records: result.ports.records ?? [], rejected: result.ports.rejected ?? [], logs: result.logs };
};

describe('CSV', () => {
  it('keeps codes and long numbers as text, by column', async () => {
    const content =
      'zip,big,price,mixed,date,iso,none\n01067,9007199254740993,1.50,1,31.12.2026,2026-12-31,\n10115,1,2,n/a,1.2.2026,2026-01-01,\n';
    expect((await read(content)).records).toEqual([
      {
        zip: '01067',
        big: '9007199254740993',
        price: 1.5,
        mixed: '1',
        date: '2026-12-31',
        iso: '2026-12-31',
        none: null,
      },
      { zip: '10115', big: '1', price: 2, mixed: 'n/a', date: '2026-02-01', iso: '2026-01-01', none: null },
    ]);
  });

  it('gives all as text when asked to', async () => {
    expect((await read('a,b\n1,true\n', { types: 'text' })).records).toEqual([{ a: '1', b: 'true' }]);
  });

  it('keeps a late value that does not fit its column, as text', async () => {
    const rows = Array.from({ length: 1_200 }, (_, i) => (i === 1_100 ? 'oops' : String(i)));
    const { records } = await read(`n\n${rows.join('\n')}\n`);
    expect(records[1_100]).toEqual({ n: 'oops' });
    expect(records[1_199]).toEqual({ n: 1_199 });
  });

  it('finds the delimiter, and reads decimal commas', async () => {
    expect((await read('a;b\n"1.234,5";x\n-3;y\n', { decimal: ',' })).records).toEqual([
      { a: 1234.5, b: 'x' },
      { a: -3, b: 'y' },
    ]);
    expect((await read('a\tb\n1\t"x\ty"\n')).records).toEqual([{ a: 1, b: 'x\ty' }]);
  });

  it('reads quotes, line breaks in values, a byte order mark and Windows line ends', async () => {
    expect((await read('\uFEFFname,note\r\n"Lee, Ann","says ""hi""\r\nbye"\r\n')).records).toEqual([
      { name: 'Lee, Ann', note: 'says "hi"\r\nbye' },
    ]);
  });

  it('names columns that have no name or a name twice', async () => {
    expect((await read('a,,a\n1,2,3\n')).records).toEqual([{ a: 1, 'column 2': 2, a_2: 3 }]);
    expect((await read('1,2\n3,4\n', { header: false })).records).toEqual([
      { 'column 1': 1, 'column 2': 2 },
      { 'column 1': 3, 'column 2': 4 },
    ]);
  });

  it('rejects rows with too many or too few values, with their line, and goes on', async () => {
    const { records, rejected } = await read('a,b\n1,2\n3\n4,5,6\n7,8\n');
    expect(records).toEqual([
      { a: 1, b: 2 },
      { a: 7, b: 8 },
    ]);
    expect(rejected).toMatchObject([
      {
        line: 3,
        text: '3',
        _rejected: {
          code: 'file-row-unreadable',
          message: 'Line 3 cannot be read: It has 1 values; there are 2 columns.',
        },
      },
      { line: 4 },
    ]);
  });

  it.each([
    ['', []],
    ['a,b\n', []],
    ['a,b', []],
    ['\n\n', []],
  ])('reads a file without rows: %j', async (content, expected) => {
    expect((await read(content)).records).toEqual(expected);
  });

  it('says where a quotation mark is never closed', async () => {
    await expect(read('a,b\n1,"2\n3,4\n')).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('never closed'),
    });
  });

  it('reads other encodings, and says when the wrong one was chosen', async () => {
    const latin = Buffer.from('name\nJürgen\n', 'latin1');
    expect((await read(latin, { encoding: 'windows-1252' })).records).toEqual([{ name: 'Jürgen' }]);
    await expect(read(latin)).rejects.toMatchObject({ code: 'file-encoding' });
  });

  it('believes the mark of UTF-16, which is how spreadsheets save "Unicode text"', async () => {
    const text = '\ufeffname\tage\r\nJürgen\t41\r\n';
    const little = Buffer.from(text, 'utf16le');
    const rows = [{ name: 'Jürgen', age: 41 }];
    expect((await read(little)).records).toEqual(rows);
    expect((await read(Buffer.from(little).swap16())).records).toEqual(rows);
  });
});

describe('JSON', () => {
  it('reads a list, one object, or values one after the other', async () => {
    expect((await read('[{"a":1},{"a":[2]}, 3]', {}, 'x.json')).records).toEqual([{ a: 1 }, { a: [2] }, { value: 3 }]);
    expect((await read('{"a":{"b":[1]}}', {}, 'x.json')).records).toEqual([{ a: { b: [1] } }]);
    expect((await read('{"a":1}\n{"a":2}', {}, 'x.json')).records).toEqual([{ a: 1 }, { a: 2 }]);
    expect((await read('[]', {}, 'x.json')).records).toEqual([]);
  });

  it('finds a list inside the document', async () => {
    expect((await read('{"data":{"items":[{"a":1}]}}', { list: 'data.items' }, 'x.json')).records).toEqual([{ a: 1 }]);
    await expect(read('{}', { list: 'data' }, 'x.json')).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('loses no digit', async () => {
    expect((await read('[{"id":9007199254740993}]', {}, 'x.json')).records).toEqual([{ id: '9007199254740993' }]);
  });

  it.each(['[{"a":1}', '{"a":', '[1,,2]', 'nonsense', '[{"a":"x]'])('says that %j cannot be read', async (content) => {
    await expect(read(content, {}, 'x.json')).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('takes lists apart as reading them whole does, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        async (list, size) => {
          const text = JSON.stringify(list, null, 1);
          const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
            text.slice(i * size, (i + 1) * size),
          );
          const found: unknown[] = [];
          for await (const element of jsonElements(Readable.from(chunks))) found.push(JSON.parse(element));
          expect(found).toEqual(JSON.parse(text));
        },
      ),
    );
  });
});

it('reads NDJSON, and rejects the lines that are none', async () => {
  const { records, rejected } = await read('{"a":1}\n\nbad\r\n{"a":2}', {}, 'x.ndjson');
  expect(records).toEqual([{ a: 1 }, { a: 2 }]);
  expect(rejected).toMatchObject([{ line: 3, text: 'bad' }]);
});

it('reads text, whole or by lines', async () => {
  expect((await read('a\nb\n', {}, 'x.txt')).records).toEqual([{ text: 'a\nb\n' }]);
  expect((await read('a\nb\n', { format: 'lines' }, 'x.txt')).records).toEqual([{ text: 'a' }, { text: 'b' }]);
});

describe('which file', () => {
  it('reads one for each record when the path comes from it', async () => {
    await put('1.csv', 'a\n1\n');
    await put('2.csv', 'a\n2\n3\n');
    const { ports, origins } = await runNode(readFile, {
      params: { path: '={{ $json.f }}.csv' },
      inputs: [{ f: 1 }, { f: 2 }],
      folder,
    });
    expect(ports.records).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(origins.records).toEqual([0, 1, 1]);
  });

  it('reads a file that came with the record', async () => {
    const files = testFiles(folder);
    const file = await files.store(Readable.from(['a\n', '5\n']), { name: 'mail.csv', mime: 'text/csv' });
    const { ports } = await runNode(readFile, {
      params: { file: '={{ $json.attachment }}' },
      inputs: [{ attachment: file }, { attachment: 'x' }],
      folder,
    });
    expect(ports.records).toEqual([{ a: 5 }]);
    expect(ports.rejected).toMatchObject([{ attachment: 'x', _rejected: { code: 'not-a-file' } }]);
  });

  it.each([
    [{ path: '../secret.csv' }, 'file-outside'],
    [{ path: 'gone.csv' }, 'file-missing'],
    [{ path: 'orders' }, 'file-missing'],
    [{}, 'file-not-named'],
  ])('refuses %j', async (params, code) => {
    await expect(runNode(readFile, { params, folder })).rejects.toMatchObject({ code });
  });

  it('wants a format where the name tells none', async () => {
    await expect(read('x', {}, 'data.bin')).rejects.toMatchObject({ code: 'file-format-unknown' });
    await expect(read('x', {}, 'Orders.XLSX')).rejects.toMatchObject({ remedy: expect.stringContaining('as CSV') });
  });
});
