// Long, for it is the one list of every known way out or into the ground.
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { ExpressionError } from './expression-error.ts';
import { functions, methods } from './library.ts';
import { sampleScope } from './sample-scope.ts';
import type { NodeView, Scope } from './scope.ts';
import { checkTemplate, compileTemplate } from './template.ts';

type Outcome = { value: unknown } | { error: ExpressionError };

/** Anything but a value or an ExpressionError fails the test. */
function attempt(expression: string, changes: Partial<Scope> = {}): Outcome {
  try {
    return { value: compileTemplate(`={{ ${expression} }}`).evaluate({ ...sampleScope(), ...changes }) };
  } catch (error) {
    if (error instanceof ExpressionError) return { error };
    throw error;
  }
}

function codeOf(expression: string, changes: Partial<Scope> = {}): string {
  const outcome = attempt(expression, changes);
  return 'error' in outcome ? outcome.error.code : `value ${JSON.stringify(outcome.value)?.slice(0, 60)}`;
}

/** What must never be reached: functions, prototypes, classes. */
function isTame(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return false;
  if (typeof value !== 'object' || value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (value === Object.prototype || value === Array.prototype) return false;
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return false;
  return Object.values(value).every(isTame);
}

describe('nothing gets out', () => {
  const roots = [
    '$json',
    '$json.tags',
    '$json.email',
    '$json.score',
    '$json.active',
    '$now',
    '$today',
    '$input',
    '$run',
    '$vars',
    "$('accounts')",
    "$('accounts').item",
    '$input.all()',
    '(x => x)',
    '/a/',
    '[]',
    '({})',
    "''",
    '0',
    'true',
    'upper',
    'Math.abs',
    '$now.diff($today)',
    "'a'.match(/a/)",
    'new Date()',
  ];
  const names = [
    'constructor',
    '__proto__',
    'prototype',
    '__defineGetter__',
    '__lookupGetter__',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'call',
    'apply',
    'bind',
    'caller',
    'callee',
    'arguments',
    'name',
    'zone',
    'loc',
    'c',
    'o',
    'ts',
    'weekData',
    '_zone',
    'values',
    'matrix',
    'view',
    'body',
    'source',
    'lastIndex',
    'exec',
    'then',
    'toJSON',
    'isLuxonDateTime',
    'locale',
  ];

  test.each(roots)('%s has no way to a prototype, a constructor or an internal', (root) => {
    for (const name of names) {
      for (const expression of [
        `${root}.${name}`,
        `${root}["${name}"]`,
        `${root}["${name.slice(0, 3)}" + "${name.slice(3)}"]`,
        `${root}[["${name}"]]`,
        `${root}[{ toString: () => "${name}" }]`,
        `(({ ${name}: x }) => x)(${root})`,
        `(({ ["${name}"]: x }) => x)(${root})`,
        `(({ ...rest }) => rest)(${root})`,
        `[${root}.${name}]`,
        `get(${root}, "${name}")`,
        `pick(${root}, "${name}")`,
        `[${root}].pluck("${name}")`,
        `${root}.${name}.${name}`,
        `${root}.${name}()`,
        `${root}.${name}("return 1")()`,
        `${root}["${name}"].constructor("return 1")()`,
        `Object.entries(${root})`,
        `typeof ${root}.${name}`,
      ]) {
        const outcome = attempt(expression);
        if ('value' in outcome) expect([expression, isTame(outcome.value)]).toEqual([expression, true]);
      }
    }
  });

  test.each([
    'this',
    'globalThis',
    'window',
    'process',
    'require("fs")',
    'import("fs")',
    'eval("1")',
    'Function("return 1")()',
    'new Function("return 1")',
    'new Proxy({}, {})',
    'Reflect',
    'Symbol.iterator',
    'Symbol("x")',
    'WebAssembly',
    'setTimeout',
    'new Map()',
    'new (class {})',
    'class {}',
    'function () {}',
    'async () => 1',
    'await 1',
    'new.target',
    'import.meta',
    'super.x',
    'delete $json.a',
    'void 0',
    '$json.x = 1',
    '$json.x++',
    'tag`x`',
    '1n',
    '(1, 2)',
    '({ get a() { return 1 } })',
    '({ set a(v) {} })',
    '({ a() {} })',
    '({ async a() {} })',
    '({ __proto__: null })',
    '({ "__proto__": null })',
    '[].constructor.constructor("return 1")()',
    '(() => { while (true) {} })()',
    '(() => { var x = 1; return x })()',
    '(() => { throw 1 })()',
    '(() => { try {} finally {} })()',
    '(() => { for (;;) {} })()',
    '(() => { debugger })()',
    'x => { x = 1 }',
    'Object.getPrototypeOf([])',
    'Object.defineProperty({}, "a", {})',
    'Object.setPrototypeOf({}, null)',
    'Array.prototype',
    'String.raw`x`',
    'JSON.parse.constructor',
    '#x in $json',
    'arguments',
    '$json?.constructor()',
  ])('%s is refused', (expression) => {
    const outcome = attempt(expression);
    expect('value' in outcome ? outcome.value : undefined).toBeUndefined();
  });

  test('functions, steps and patterns cannot leave, not even inside of lists and objects', () => {
    for (const value of [
      'x => x',
      'upper',
      '$input',
      '/a/',
      '[x => x]',
      '({ f: x => x })',
      '[[/a/]]',
      '({ s: $input })',
    ]) {
      expect([value, codeOf(value)]).toEqual([value, 'cannot-leave']);
      expect([value, codeOf(`"" + [${value}]`)]).toEqual([value, 'cannot-leave']);
      expect([value, codeOf(`JSON.stringify([${value}])`)]).toEqual([value, 'cannot-leave']);
    }
  });

  test("a field's name made of an object or a function is refused, whatever it says of itself", () => {
    for (const key of ['{ toString: () => "a" }', '[["a"]]', 'x => x', '$now', '{ valueOf: () => 0 }']) {
      expect(codeOf(`({ a: 1 })[${key}]`)).toBe('wrong-type');
      expect(codeOf(`({ [${key}]: 1 })`)).toBe('wrong-type');
      expect(codeOf(`(${key}) in $json`)).toBe('wrong-type');
    }
  });

  test("operators never call a value's own toString, valueOf or toJSON", () => {
    expect(codeOf('({ valueOf: () => 1 }) * 2')).toBe('wrong-type');
    expect(codeOf('({ valueOf: () => 1 }) < 2')).toBe('wrong-type');
    expect(codeOf('({ toString: () => "x" }) + ""')).toBe('cannot-leave');
    expect(codeOf('({ toJSON: () => "x" }) + ""')).toBe('cannot-leave');
    expect(attempt('JSON.stringify({ toJSON: 1, toString: 2 })')).toEqual({ value: '{"toJSON":1,"toString":2}' });
  });

  test('data that looks like a luxon value, a pattern or a record is only data', () => {
    const json = JSON.parse(
      '{"isLuxonDateTime":true,"isLuxonDuration":true,"isLuxonInterval":true,"values":{"days":1},"ts":1,"source":"a","length":1e9}',
    );
    expect(codeOf('$json.plus(1)', { json })).toBe('unknown-method');
    expect(codeOf('$now.plus($json)', { json })).toBe('wrong-type');
    expect(codeOf('dateDiff($json, $now)', { json })).toBe('bad-date');
    expect(codeOf('$json + ""', { json })).toMatch(/^value/);
    expect(codeOf('Array.from($json)', { json })).toBe('too-big');
  });

  test('a record with fields called __proto__ or constructor is read as data and cannot poison anything', () => {
    const json = JSON.parse('{"a": {"__proto__": {"polluted": 1}, "constructor": "me"}}');
    expect(attempt('$json.a.constructor', { json })).toEqual({ value: 'me' });
    expect(attempt('$json.a.__proto__.polluted', { json })).toEqual({ value: 1 });
    expect(attempt('$json.a.polluted', { json })).toEqual({ value: undefined });
    for (const copy of [
      '{ ...$json.a }',
      'merge({}, $json.a)',
      'fromEntries(entries($json.a))',
      '(({ ...r }) => r)($json.a)',
    ]) {
      expect([copy, codeOf(copy, { json })]).toEqual([copy, 'bad-value']);
    }
    expect(codeOf('groupBy(["__proto__"], x => x)')).toBe('bad-value');
    expect(codeOf('({ ["__pro" + "to__"]: { polluted: 1 } })')).toBe('bad-value');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('what a host hands over beyond plain data stays closed', () => {
    let touched = 0;
    class Account {
      secret = 'in here';
      get token(): string {
        touched++;
        return this.secret;
      }
      reveal(): string {
        touched++;
        return this.secret;
      }
    }
    const json = {
      account: new Account(),
      fn: () => {
        touched++;
        return 'called';
      },
      map: new Map([['a', 1]]),
      symbol: Symbol('s'),
      bytes: new Uint8Array(2),
      error: new Error('x'),
      luxon: DateTime,
      list: [() => 1],
    };
    for (const path of [
      'account.secret',
      'account.token',
      'account.constructor',
      'fn',
      'map.size',
      'bytes[0]',
      'luxon.now',
      'list[0]',
    ]) {
      expect([path, attempt(`$json.${path}`, { json })]).toEqual([path, { value: undefined }]);
    }
    for (const call of [
      'account.reveal()',
      'fn()',
      'fn.call()',
      'map.get("a")',
      'luxon.now()',
      'list[0]()',
      'error.toString()',
    ]) {
      expect([call, codeOf(`$json.${call}`, { json })]).toEqual([call, expect.not.stringMatching(/^value "/)]);
    }
    for (const whole of ['account', 'map', 'symbol', 'error', 'bytes', 'luxon']) {
      const outcome = attempt(`$json.${whole}`, { json });
      if ('value' in outcome) expect(outcome.value).toBeUndefined();
    }
    expect(codeOf('$json', { json })).toBe('cannot-leave');
    expect(touched).toBe(0);
  });

  test('a proxy around a step sees only reads of the names that the expression has', () => {
    const seen: (string | symbol)[] = [];
    const record = new Proxy({ a: 1 } as Record<string, unknown>, {
      get(target, name) {
        seen.push(name);
        return Reflect.get(target, name);
      },
    });
    const view: NodeView = { item: () => record, first: () => record, last: () => record, all: () => [record] };
    expect(attempt("$('x').item.a", { node: () => view })).toEqual({ value: 1 });
    expect(seen.filter((name) => name !== '__proto__')).toEqual(['a']);
    expect(attempt("$('x').view", { node: () => view })).toMatchObject({ error: { code: 'unknown-name' } });
    expect(attempt("$('x').item.constructor", { node: () => view })).toEqual({ value: undefined });
  });

  test('the tables of functions and methods cannot be reached through inherited names', () => {
    for (const name of Object.getOwnPropertyNames(Object.prototype)) {
      expect(functions.has(name)).toBe(false);
      const outcome = attempt(`${name}(1)`);
      expect([name, 'error' in outcome]).toEqual([name, true]);
      for (const problem of checkTemplate(`={{ $json.${name}() + ${name} + Math.${name} }}`)) {
        expect([name, typeof problem.message, typeof problem.remedy]).toEqual([name, 'string', 'string']);
      }
    }
    expect([...methods.keys()].filter((name) => name.startsWith('__'))).toEqual([]);
    expect(codeOf('$now.hasOwnProperty("c")')).toBe('unknown-method');
    expect(codeOf('Math.constructor("return 1")')).toBe('unknown-name');
    expect(codeOf('Math["constructor"]')).toBe('unknown-name');
  });
});

describe('nothing hangs or fills the memory', () => {
  test.each([
    ['(f => f(f))(f => f(f))', 'too-deep'],
    ['(f => x => f(f)(x))(f => x => f(f)(x))(1)', 'too-deep'],
    ['(f => [1, 2].map(() => f(f)))(f => [1, 2].map(() => f(f)))', 'too-deep'],
    ['range(1e9)', 'too-big'],
    ['range(0, 1, 1e-12)', 'too-big'],
    ['Array.from({ length: 1e9 })', 'too-big'],
    ['"a".repeat(1e9)', 'too-big'],
    ['"a".padStart(1e10)', 'too-big'],
    ['padEnd("a", 1e10, "xyz")', 'too-big'],
    ['range(60).reduce(a => a + a, "x")', 'too-big'],
    ['range(60).reduce(a => `${a}${a}`, "x")', 'too-big'],
    ['range(60).reduce(a => a.concat(a), "x")', 'too-big'],
    ['range(60).reduce(a => [...a, ...a], [1])', 'too-big'],
    ['range(60).reduce(a => a.concat(a), [1])', 'too-big'],
    ['range(60).reduce(a => a.flatMap(x => [x, x]), [1])', 'too-big'],
    ['range(60).reduce(a => ({ ...a, ["k" + a.n]: 1, n: (a.n ?? 0) + 1 }), {}).n', 'value 60'],
    ['"a".repeat(1e6).replaceAll("a", "$`")', 'too-big'],
    ['"a".repeat(1e6).replace(/a/g, "$\'")', 'too-big'],
    ['"a".repeat(1e6).replaceAll("", "bbbbbbbbbbbbbbbbbbbb")', 'too-big'],
    ['range(1000).join("a".repeat(100000))', 'too-big'],
    ['range(5000).map(a => range(5000).map(b => range(5000)))', 'too-big'],
    ['range(3000).map(a => range(3000).filter(b => a == b).length)', 'too-much-work'],
    ['range(1e6).sort((a, b) => ((a * 7919) % 10007) - ((b * 7919) % 10007))', 'too-much-work'],
    ['range(60).reduce(a => [a, a], 1)', 'too-much-work'],
    ['JSON.stringify(range(60).reduce(a => [a, a], 1))', 'too-much-work'],
    ['flatten(range(60).reduce(a => [a, a], [1]))', 'too-big'],
    ['keys(range(60).reduce(a => ({ a, b: a }), {})).length', 'value 2'],
    ['range(60).reduce(a => ({ a, b: a }), {}) + ""', 'too-much-work'],
    ['range(5000).reduce(a => [a], 1)', 'too-deep'],
    ['toJson(range(5000).reduce(a => [a], 1))', 'too-deep'],
    ['unique([range(5000).reduce(a => [a], 1)])', 'too-deep'],
    ['flatten(range(50000).reduce(a => [a], 1)).length', 'value 1'],
    ['Math.max(...range(1e6))', 'too-big'],
    ['(s => range(1e5).map(i => s + i == s + i + "").length)("a".repeat(1e6))', 'too-much-work'],
    ['(s => range(1e5).filter(i => s.toUpperCase().length > 0).length)("a".repeat(1e6))', 'too-big'],
    ['(s => range(1e5).filter(i => s.includes("b")).length)("a".repeat(1e6))', 'too-much-work'],
    ['(s => range(1e5).filter(i => ({})[s]).length)("a".repeat(1e6))', 'too-much-work'],
    ['(s => range(1e5).filter(i => hash(s)).length)("a".repeat(1e6))', 'too-much-work'],
    ['range(1e6).map(i => $now.plus(i, "days").format("DDDD")).length', 'too-much-work'],
    ['range(1e5).map(i => formatNumber(i, 2, "de-" + i)).length', 'bad-value'],
    ['[1].flat(1e9).length', 'value 1'],
    ['$now.plus(1e300, "years")', 'bad-date'],
    ['$now.format("y".repeat(100000))', 'bad-value'],
    ['parseDate("1".repeat(50), "dMdMdMdMdMdMdMdMdMdMdMdMdMdMdMdM")', 'bad-value'],
    ['toDateTime("1".repeat(100000))', 'bad-date'],
    ['new Date(1e99)', 'bad-date'],
    ['addWorkdays($now, 1e15)', 'bad-date'],
    ['parseJson("[".repeat(100000))', 'bad-value'],
    ['(1).toFixed(1e9)', 'value "1.'],
    ['ifError("a".repeat(1e9), 1)', 'too-big'],
    ['ifError((f => f(f))(f => f(f)), 1)', 'too-deep'],
    ['(f => f(f))(f => ifError(f(f), f(f)))', 'too-deep'],
    ['range(1e5).map(a => range(1e5)).length', 'too-big'],
  ])('%s', (expression, outcome) => {
    expect(codeOf(expression)).toMatch(new RegExp(`^${outcome.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
  });

  test.each([
    '/(a+)+$/.test("a".repeat(50000) + "b")',
    '/(a|aa)+$/.test("a".repeat(50000) + "b")',
    '/(a|a)*b/.test("a".repeat(50000))',
    '/^(([a-z])+.)+[A-Z]([a-z])+$/.test("a".repeat(50000))',
    '/(x+x+)+y/.test("x".repeat(50000))',
    '/([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))/.test("a".repeat(50000))',
    'isEmail("a".repeat(300) + "@" + "a.".repeat(2000))',
    'isUrl("http://" + "a".repeat(100000) + " ")',
    'extractEmail("a".repeat(100000))',
    'extractDomain("a.".repeat(20000) + "-")',
    'title("a ".repeat(100000)).length',
    'sentence(". ".repeat(100000)).length',
    'toNumber("1,".repeat(100000))',
    'stripTags("<".repeat(100000))',
    'clean(" ".repeat(100000) + "a")',
    'slug("-".repeat(100000) + "a")',
  ])('a pattern that would make a backtracking engine hang ends at once: %s', (expression) => {
    expect(codeOf(expression)).toMatch(/^value (true|false|undefined|\d+|"[a<])|^wrong-type|^too-much-work/);
  });

  test('finding all matches of a pattern that reads ahead is charged for what it may read', () => {
    expect(codeOf('"a".repeat(200000).match(/a*b|a/g).length')).toBe('too-much-work');
    expect(codeOf('"a,".repeat(20000).split(/,/).length')).toBe('value 20001');
    expect(codeOf('"a ".repeat(20000).match(/[a-z]+/g).length')).toBe('value 20000');
    expect(codeOf('"a , ".repeat(20000).split(/\\s*,\\s*/).length')).toBe('value 20001');
  });

  test('sources are bounded in length and nesting', () => {
    const sources = [
      `${'('.repeat(5000)}1${')'.repeat(5000)}`,
      `${'['.repeat(9000)}`,
      `${'!'.repeat(15_000)}1`,
      `${'-'.repeat(15_000)}1`,
      `${'+ '.repeat(9_000)}1`,
      Array.from({ length: 5000 }, () => 'a').join('+'),
      Array.from({ length: 5000 }, () => '1').join('**'),
      `${Array.from({ length: 5000 }, () => '1?1').join(':')}:1`,
      `$json${'.a'.repeat(9000)}`,
      `$json${'()'.repeat(9000)}`,
      `$json${'[0]'.repeat(6000)}`,
      `${'x=>'.repeat(6000)}1`,
      `${'`${'.repeat(4000)}1${'}`'.repeat(4000)}`,
      `function(){${'{'.repeat(9000)}${'}'.repeat(9000)}}`,
      `() => {${'{'.repeat(9000)}${'}'.repeat(9000)}}`,
      `() => {${'if(1)'.repeat(3000)}return 1}`,
      `/${'('.repeat(9000)}${')'.repeat(9000)}/`,
      `({${'a:{'.repeat(5000)}`,
      `(${'{a:'.repeat(5000)}x${'}'.repeat(5000)}) => x`,
      'a'.repeat(30_000),
      `${'typeof '.repeat(2500)}1`,
      `${'new '.repeat(4000)}Date`,
      'async '.repeat(3000),
    ];
    for (const source of sources)
      expect([source.slice(0, 20), codeOf(source)]).toEqual([source.slice(0, 20), expect.not.stringMatching(/^value/)]);
  });

  test('a failed evaluation leaves the next one its full budget', () => {
    const template = compileTemplate('={{ range($json.n).map(i => i + 1).length }}');
    const scope = sampleScope();
    expect(() => template.evaluate({ ...scope, json: { n: 1e9 } })).toThrow(ExpressionError);
    expect(template.evaluate({ ...scope, json: { n: 100_000 } })).toBe(100_000);
    expect(template.evaluate({ ...scope, json: { n: 100_000 } })).toBe(100_000);
  });

  test('an ordinary large list is within the budgets', () => {
    const all = Array.from({ length: 300_000 }, (_, i) => ({ id: i, amount: i % 100 }));
    const view: NodeView = { item: () => all[0], first: () => all[0], last: () => all.at(-1), all: () => all };
    const scope: Partial<Scope> = { input: view };
    expect(attempt('$input.all().filter(r => r.amount > 50).sum("amount")', scope)).toEqual({ value: 11_025_000 });
    expect(attempt('$input.all().map(r => r.json.amount * 2).max()', scope)).toEqual({ value: 198 });
    expect(attempt('$input.all().groupBy("amount")["7"].length', scope)).toEqual({ value: 3000 });
  });
});
