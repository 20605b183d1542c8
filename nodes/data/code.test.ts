import { describe, expect, it } from 'vitest';
import { runNode, testNode, testNow } from '../../sdk/testing/index.ts';
import code from './code.ts';

testNode(code);

const run = (
  source: string,
  inputs: Record<string, unknown>[] = [{ n: 1 }, { n: 2 }],
  more: Record<string, unknown> = {},
) => runNode(code, { params: { source, ...more }, inputs, vars: { rate: 3 } });

describe('for each record', () => {
  it('gives one, several or no records, with their origins', async () => {
    const { ports, origins } = await run('if ($json.n === 1) return null; return [{ a: $json.n }, $json];');
    expect(ports.records).toEqual([{ a: 2 }, { n: 2 }]);
    expect(origins.records).toEqual([1, 1]);
  });

  it('knows position, variables, run and time', async () => {
    const { ports } = await run('return { i: $itemIndex, r: $vars.rate, w: $workflow.id, at: $now.getTime() }', [{}]);
    expect(ports.records).toEqual([{ i: 0, r: 3, w: 'test', at: testNow }]);
  });

  it('takes code written for n8n', async () => {
    const { ports } = await run('const item = $input.item; item.json.n += 1; return { json: { n: item.json.n } };');
    expect(ports.records).toEqual([{ n: 2 }, { n: 3 }]);
  });

  it.each([
    ["return $('Orders').first().json", 'Another step cannot be read in here'],
    ['return { n: fetch("https://example.com") }', 'Use "HTTP request"'],
    ['return { d: DateTime.now() }', 'use new Date(...)'],
    ['return { x: orders }', "'orders' is not defined"],
  ])('says what to do instead of %s', async (source, words) => {
    const { ports } = await run(source, [{}]);
    expect(ports.rejected).toMatchObject([{ _rejected: { message: expect.stringContaining(words) } }]);
  });

  it('keeps null where null was given', async () => {
    const { ports } = await run('return { a: null, b: [null, "null"], c: undefined }', [{}]);
    expect(ports.records).toEqual([{ a: null, b: [null, 'null'] }]);
  });

  it('rejects the record that the code fails on, with the line', async () => {
    const { ports } = await run('const x = 1;\nreturn { v: $json.a.b };', [{ n: 1 }, { a: { b: 2 } }]);
    expect(ports.records).toEqual([{ v: 2 }]);
    expect(ports.rejected).toMatchObject([
      { n: 1, _rejected: { code: 'code-failed', message: expect.stringMatching(/^Line 2: /) } },
    ]);
  });

  it.each([
    ['1', 'returned nothing'],
    ['return 5', 'number where a record'],
    ['return ["a"]', 'string where a record'],
    ['return Promise.resolve({})', 'cannot wait'],
    ['return { n: 10n }', /bigint/i],
    ['return new Date()', 'no record'],
    ['return { rate: 0 / 0 }', 'NaN in "rate"'],
    ['return { list: [1, { x: -1 / 0 }] }', '-Infinity in "list"'],
  ])('says what is wrong with what "%s" gives', async (source, message) => {
    const { ports } = await run(source, [{}]);
    const [rejected] = ports.rejected ?? [];
    expect(rejected?._rejected).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('hands on what the code writes to the console', async () => {
    const { logs } = await run('console.log("n is", $json.n); console.warn({ a: 1 }); return $json;', [{ n: 1 }]);
    expect(logs).toEqual([
      { level: 'info', message: 'n is 1' },
      { level: 'warn', message: '{"a":1}' },
    ]);
  });
});

describe('for all records', () => {
  it('sees all at once, and knows which record came from where', async () => {
    const { ports, origins } = await run(
      'items.reverse(); return [...items, { sum: items.reduce((s, i) => s + i.n, 0) }];',
      undefined,
      { mode: 'all' },
    );
    expect(ports.records).toEqual([{ n: 2 }, { n: 1 }, { sum: 3 }]);
    expect(origins.records).toEqual([1, 0, []]);
  });

  it('takes code written for n8n', async () => {
    const { ports } = await run(
      'for (const item of $input.all()) item.json.x = item.json.n * 2;\nreturn $input.all();',
      undefined,
      { mode: 'all' },
    );
    expect(ports.records).toEqual([
      { n: 1, x: 2 },
      { n: 2, x: 4 },
    ]);
  });

  it('works on more than a batch', async () => {
    const inputs = Array.from({ length: 2_500 }, (_, n) => ({ n }));
    const { ports } = await run('return items.filter((item) => item.n % 2 === 0);', inputs, { mode: 'all' });
    expect(ports.records).toHaveLength(1_250);
  });

  it('fails with the line', async () => {
    await expect(run('\n\nthrow new Error("no")', undefined, { mode: 'all' })).rejects.toMatchObject({
      code: 'code-failed',
      message: 'Line 3: no',
    });
  });
});

describe('the sandbox', () => {
  it('says where code cannot be read', async () => {
    await expect(run('return {\n  a: ,\n}')).rejects.toMatchObject({
      class: 'config',
      code: 'code-syntax',
      message: expect.stringMatching(/^Line 2: /),
    });
    await expect(run('await fetch("x")')).rejects.toMatchObject({ code: 'code-syntax' });
  });

  it.each(['process', 'require', 'fetch', 'setTimeout', 'WebAssembly', 'XMLHttpRequest', 'Deno', 'std', 'os'])(
    'has no %s',
    async (name) => {
      const { ports } = await run(`return { type: typeof ${name} };`, [{}]);
      expect(ports.records).toEqual([{ type: 'undefined' }]);
    },
  );

  it('has no import', async () => {
    const { ports, error } = await runNode(code, { params: { source: 'return import("node:fs");' }, mayFail: true });
    expect(ports.records).toBeUndefined();
    expect(error?.code ?? ports.rejected).toBeDefined();
  });

  it('stops code that never ends', async () => {
    const began = Date.now();
    await expect(run('while (true) {}', [{}], { timeLimit: '200ms' })).rejects.toMatchObject({ code: 'code-too-slow' });
    expect(Date.now() - began).toBeLessThan(4_000);
  });

  it('stops code that eats memory', async () => {
    const source = 'const all = []; while (true) all.push("x".repeat(10000) + all.length);';
    await expect(run(source, [{}], { memoryLimit: 8, timeLimit: '20s', mode: 'all' })).rejects.toMatchObject({
      code: 'code-too-big',
    });
  });

  it('survives endless recursion', async () => {
    const { ports } = await run('const f = () => f() + 1; return f();', [{}]);
    expect(ports.rejected).toHaveLength(1);
  });

  it('holds nobody up, and can be called off', async () => {
    const stop = new AbortController();
    const running = runNode(code, { params: { source: 'while (true) {}' }, inputs: [{}], signal: stop.signal });
    let turns = 0;
    const timer = setInterval(() => {
      if (++turns === 5) stop.abort(new Error('called off'));
    }, 5);
    await expect(running).rejects.toThrow('called off');
    clearInterval(timer);
  });

  it('keeps nothing from one step to the next', async () => {
    await run('globalThis.kept = 1; return $json;', [{}]);
    const { ports } = await run('return { type: typeof kept };', [{}]);
    expect(ports.records).toEqual([{ type: 'undefined' }]);
  });
});
