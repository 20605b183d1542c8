import { describe, expect, test } from 'vitest';
import { ExpressionError } from './expression-error.ts';
import { sampleScope } from './sample-scope.ts';
import type { NodeView, Scope } from './scope.ts';
import { checkTemplate, compileTemplate, isTemplate } from './template.ts';

function evaluate(source: string, changes: Partial<Scope> = {}): unknown {
  return compileTemplate(source).evaluate({ ...sampleScope(), ...changes });
}

function failure(source: string, changes: Partial<Scope> = {}): ExpressionError {
  try {
    evaluate(source, changes);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`${source} did not fail`);
}

describe('templates', () => {
  test('only text that begins with = is a template', () => {
    expect(isTemplate('={{ 1 }}')).toBe(true);
    expect(isTemplate('{{ 1 }}')).toBe(false);
    expect(isTemplate(5)).toBe(false);
  });

  test('a lone expression keeps its type, other text makes text', () => {
    expect(evaluate('={{ 1 + 1 }}')).toBe(2);
    expect(evaluate('=={{ 1 + 1 }}')).toBe('=2');
    expect(evaluate('= {{ 1 }}')).toBe(' 1');
    expect(evaluate('={{ 1 }}{{ 2 }}')).toBe('12');
    expect(evaluate('=plain')).toBe('plain');
    expect(evaluate('=')).toBe('');
  });

  test('missing values are empty in text', () => {
    expect(evaluate('=Hi {{ $json.fax }}{{ null }}!')).toBe('Hi !');
    expect(evaluate('={{ $json.fax }}')).toBeUndefined();
    expect(evaluate('={{ null }}')).toBeNull();
  });

  test('lists and objects are JSON in text, dates ISO text everywhere', () => {
    expect(evaluate('=x {{ [1, "a"] }} {{ { a: $today } }}')).toBe('x [1,"a"] {"a":"2024-05-17T00:00:00.000+02:00"}');
    expect(evaluate('={{ [$today] }}')).toEqual(['2024-05-17T00:00:00.000+02:00']);
    expect(evaluate('={{ $json.d }}', { json: { d: new Date(0) } })).toBe('1970-01-01T01:00:00.000+01:00');
  });

  test('braces within strings, objects and templates do not end the expression', () => {
    expect(evaluate('={{ "}}" }}')).toBe('}}');
    expect(evaluate('={{ {a: {b: 1}}}}')).toEqual({ a: { b: 1 } });
    expect(evaluate('={{ `${"}}"}` /* }} */ }}')).toBe('}}');
    expect(evaluate('=\\{{ not one }} {{ 1 }}')).toBe('{{ not one }} 1');
  });

  test('parts of the record are handed over as they are, not copied', () => {
    const json = { list: [{ a: 1 }] };
    expect(evaluate('={{ $json.list }}', { json })).toBe(json.list);
  });

  test('missing entries of lists become null, missing fields are left out', () => {
    expect(evaluate('={{ [1, undefined, { a: undefined, b: 1 }] }}')).toEqual([1, null, { b: 1 }]);
  });
});

describe('operators', () => {
  test.each([
    ['2 ** 3 ** 2', 512],
    ['7 % 3 + -(-1)', 2],
    ['5 & 3 | 8 ^ 1', 9],
    ['-8 >>> 28 << 1 >> 1', 15],
    ['~5', -6],
    ['"5" + 1', '51'],
    ['"5" * "2"', 10],
    ['true + 1', 2],
    ['"b" > "a"', true],
    ['"10" > 9', true],
    ['1 == "1"', true],
    ['1 === "1"', false],
    ['null == undefined', true],
    ['null ?? undefined ?? 3', 3],
    ['0 || "x"', 'x'],
    ['1 && 0', 0],
    ['"email" in $json', true],
    ['2 in [1, 2]', false],
    ['typeof "a" + typeof 1 + typeof null + typeof (x => x) + typeof $now', 'stringnumberobjectfunctionobject'],
    ['$now > $today', true],
    ['$now == toDateTime($now.toMillis())', true],
    ['$now - $today', 52_200_000],
    ['`${1 + 1} and ${[1]}`', '2 and [1]'],
    ['[1, ...[2, 3], ..."ab"]', [1, 2, 3, 'a', 'b']],
    ['{ ...{ a: 1 }, ["b" + 1]: 2, c: { ...null } }', { a: 1, b1: 2, c: {} }],
  ])('%s', (expression, expected) => {
    expect(evaluate(`={{ ${expression} }}`)).toEqual(expected);
  });

  test('arithmetic with a missing value gives a missing value, never a made-up number', () => {
    expect(evaluate('={{ $json.fax * 2 }}')).toBeUndefined();
    expect(evaluate('={{ null + 1 }}')).toBeUndefined();
    expect(evaluate('={{ -$json.nickname }}')).toBeUndefined();
    expect(evaluate('={{ "a" + null }}')).toBe('a');
  });

  test('arithmetic on text that is no number says so', () => {
    expect(failure('={{ $json.firstName * 2 }}')).toMatchObject({ code: 'not-a-number', start: 4, end: 23 });
    expect(failure('={{ [1] - 1 }}').code).toBe('wrong-type');
  });

  test('text beside a date is read as a date when comparing', () => {
    expect(evaluate('={{ $json.createdAt < $now }}')).toBe(true);
    expect(evaluate('={{ $today <= "2024-05-17" }}')).toBe(true);
    expect(evaluate('={{ $json.nickname < $now }}')).toBe(false);
    expect(failure('={{ $now > "tomorrow" }}').code).toBe('bad-date');
  });

  test('division by zero is an error', () => {
    expect(failure('={{ 1 / 0 }}').code).toBe('divide-by-zero');
    expect(failure('={{ 10 ** 400 }}').code).toBe('not-a-number');
  });

  test('whole numbers in text beyond the exact range are not rounded in silence', () => {
    expect(evaluate('={{ "12345678901234567890" }}')).toBe('12345678901234567890');
    expect(failure('={{ "12345678901234567890" * 1 }}').code).toBe('not-a-number');
    expect(failure('={{ toNumber("12345678901234567890") }}').code).toBe('not-a-number');
  });
});

describe('reading', () => {
  test('a missing value on the way gives a missing value', () => {
    expect(evaluate('={{ $json.no.such.thing }}')).toBeUndefined();
    expect(evaluate('={{ $json.no?.such["thing"][0] }}')).toBeUndefined();
    expect(evaluate('={{ $json.no.toUpperCase().trim() }}')).toBeUndefined();
    expect(evaluate('={{ $json.no.map(x => x * 2) }}')).toBeUndefined();
    expect(evaluate('={{ $json.no.isEmpty() }}')).toBe(true);
  });

  test('steps give records, written with or without .json', () => {
    expect(evaluate("={{ $('accounts').item.name }}")).toBe('Globex');
    expect(evaluate("={{ $('accounts').item.json.name }}")).toBe('Globex');
    expect(evaluate("={{ $('accounts').first().json.name + $('accounts').last().name }}")).toBe('AcmeGlobex');
    expect(evaluate("={{ $('accounts').all()[0].json.name }}")).toBe('Acme');
    expect(evaluate("={{ $('accounts').all().map(a => a.json.name) }}")).toEqual(['Acme', 'Globex']);
    expect(evaluate("={{ $('accounts').all().map(({ json }) => json.id) }}")).toEqual(['a1', 'a2']);
    expect(evaluate("={{ $('accounts').all().sum('employees') }}")).toBe(1240);
    expect(evaluate('={{ $input.item.json.email }}')).toBe('ada@example.com');
  });

  test("a record's own json field wins", () => {
    const view: NodeView = { item: () => ({ json: { a: 1 } }), first: () => 0, last: () => 0, all: () => [] };
    expect(evaluate("={{ $('x').item.json.a }}", { node: () => view })).toBe(1);
    expect(evaluate('={{ $json.json }}')).toBeUndefined();
  });

  test('an unknown step is named, with the nearest name', () => {
    const error = failure("={{ $('acounts').item.name }}");
    expect(error.message).toBe("There is no step named 'acounts'. Did you mean 'accounts'?");
    expect(error).toMatchObject({ code: 'unknown-step', start: 4, end: 16 });
  });

  test('variables of the scope', () => {
    expect(evaluate('={{ $run.id + $workflow.id + $vars.region + $itemIndex + $index }}')).toBe(
      'run-1lead-scoresEMEA00',
    );
    expect(evaluate('={{ $now }}')).toBe('2024-05-17T14:30:00.000+02:00');
    expect(evaluate('={{ $today }}', { zone: 'UTC' })).toBe('2024-05-17T00:00:00.000Z');
  });

  test('the same template serves many records', () => {
    const template = compileTemplate('={{ $json.n + $now.year }}');
    const scope = sampleScope();
    expect([1, 2, 3].map((n) => template.evaluate({ ...scope, json: { n } }))).toEqual([2025, 2026, 2027]);
  });
});

describe('functions written in place', () => {
  test.each([
    ['((a, b = 2) => a + b)(1)', 3],
    ['(({ a, b: [c, ...d], ...rest }) => [a, c, d, rest])({ a: 1, b: [2, 3, 4], e: 5 })', [1, 2, [3, 4], { e: 5 }]],
    ['((first, ...others) => others)(1, 2, 3)', [2, 3]],
    [
      '[1, 2].map(a => [10, 20].map(b => a * b))',
      [
        [10, 20],
        [20, 40],
      ],
    ],
    ['[3, 1, 2].map(n => { const twice = n * 2; if (twice > 4) return "big"; else { return twice } })', ['big', 2, 4]],
    ['(n => { const f = k => k < 2 ? 1 : k * f(k - 1); return f(n) })(5)', 120],
    ['["a", "b"].map(upper)', ['A', 'B']],
    ['[1.4, 1.6].map(Math.round)', [1, 2]],
    ['[[1, 2], [3, 4]].map(([a, b]) => a + b)', [3, 7]],
    ['[1, 2, 3].reduce((total, n) => total + n)', 6],
  ])('%s', (expression, expected) => {
    expect(evaluate(`={{ ${expression} }}`)).toEqual(expected);
  });

  test('only the chosen branch is worked out', () => {
    expect(evaluate('={{ $if(true, 1, 1 / 0) }}')).toBe(1);
    expect(evaluate('={{ ifError($json.firstName * 2, "n/a") }}')).toBe('n/a');
  });
});

describe('names that come along from JavaScript', () => {
  test.each([
    ['JSON.stringify({ a: [1] })', '{"a":[1]}'],
    ['Object.entries({ a: 1 }).map(([k, v]) => k + v)', ['a1']],
    ['Math.max(...[1, 5, 3])', 5],
    ['Number("12") + parseInt("12px") + parseFloat("1.5x")', 25.5],
    ['String(5) + Boolean(0)', '5false'],
    ['Array.from({ length: 3 }, (_, i) => i * 2)', [0, 2, 4]],
    ['Array.isArray([])', true],
    ['new Date(2024, 0, 31).toISOString()', '2024-01-30T23:00:00.000Z'],
    ['new Date("2024-01-01T00:00:00Z").getTime()', 1_704_067_200_000],
    ['DateTime.fromISO("2024-01-01").plus({ days: 1 }).toFormat("dd/MM")', '02/01'],
    ['DateTime.now().toISODate()', '2024-05-17'],
    ['encodeURIComponent("a b")', 'a%20b'],
    ['Math.PI > 3', true],
  ])('%s', (expression, expected) => {
    expect(evaluate(`={{ ${expression} }}`)).toEqual(expected);
  });
});

describe('checking', () => {
  test('finds all problems with their places', () => {
    const problems = checkTemplate('={{ roud(1) }} {{ $jsn.a }} {{ x = 1 }} {{ 1 +');
    expect(problems.map(({ code, start, end }) => [code, start, end])).toEqual([
      ['unknown-name', 4, 8],
      ['unknown-name', 18, 22],
      ['not-allowed', 31, 36],
      ['syntax', 40, 46],
    ]);
    expect(problems[0]?.message).toBe("There is nothing called 'roud' here. Did you mean 'round'?");
    expect(problems[1]?.message).toBe("There is nothing called '$jsn' here. Did you mean '$json'?");
    expect(problems.every((problem) => problem.remedy.length > 0)).toBe(true);
  });

  test.each([
    ['={{ round() }}', 'wrong-arguments'],
    ['={{ round(1, 2, 3) }}', 'wrong-arguments'],
    ['={{ "a".toUpercase() }}', 'unknown-method'],
    ['={{ [1].push(2) }}', 'unknown-method'],
    ['={{ $(name) }}', 'not-allowed'],
    ['={{ $json.a = 1 }}', 'not-allowed'],
    ['={{ a, b }}', 'not-allowed'],
    ['={{ "abc }}', 'syntax'],
    ['={{ 1 2 }}', 'syntax'],
    ['={{ }}', 'syntax'],
    ['={{ (1 }}', 'syntax'],
    ['={{ 1) }}', 'syntax'],
    ['={{ /(?=a)/ }}', 'bad-pattern'],
    ['={{ Math.rond(1) }}', 'unknown-name'],
    ['={{ Math }}', 'unknown-name'],
  ])('%s', (source, code) => {
    expect(checkTemplate(source).map((problem) => problem.code)).toContain(code);
    expect(() => compileTemplate(source)).toThrow(ExpressionError);
  });

  test.each([
    ['={{ $json.first name }}', 'A field whose name has a space is written ["first name"].'],
    ['={{ if (a) b }}', 'Use $if(test, then, otherwise).'],
    ['={{ $json.email.length() }}', 'Write length without brackets.'],
    ['={{ name }}', 'For a field of the record write $json.name; put plain text in quotes.'],
    ["={{ $node['x'].json.y }}", "Use $('name') instead."],
  ])('%s says what to write instead', (source, remedy) => {
    expect(checkTemplate(source)[0]?.remedy).toBe(remedy);
  });

  test('errors while evaluating have their place', () => {
    expect(failure("={{ 1 + $('accounts').name }}")).toMatchObject({ code: 'unknown-name', start: 8, end: 26 });
    expect(failure('=x {{ $json.tags.first }}')).toMatchObject({
      code: 'wrong-type',
      remedy: 'Write first() with what it needs between the brackets.',
    });
    expect(failure("={{ round('abc') }}")).toMatchObject({ start: 4, end: 16 });
  });

  test('a correct template has no problem', () => {
    expect(checkTemplate("=Hi {{ $json.firstName.toTitleCase() }}, {{ $('accounts').item.name }}")).toEqual([]);
  });

  test.each([
    ["={{ $node['a'].json.x }}", "$('name')"],
    ['={{ $prevNode.name }}', "$('name')"],
    ['={{ isNaN($json.x) }}', 'isNumeric(text)'],
    ["={{ $json.hasOwnProperty('x') }}", 'in $json'],
    ['={{ $json.d.toDate() }}', 'toDateTime()'],
    ["={{ $('a').itemMatching(0).json.x }}", '.item'],
  ])('says what to write instead of %s', (source, words) => {
    expect(checkTemplate(source)[0]?.remedy).toContain(words);
  });

  test('tells what an expression reads', () => {
    const { reads } = compileTemplate(
      `={{ $json.email + $json["first name"] + $('accounts').item.x + $vars.region + $itemIndex }} {{ today() }}`,
    );
    expect(reads).toEqual({
      json: true,
      wholeRecord: false,
      itemIndex: true,
      now: true,
      input: false,
      item: true,
      nodes: ['accounts'],
      vars: ['region'],
      fields: ['email', 'first name'],
    });
    expect(compileTemplate('={{ keys($json) }}').reads.wholeRecord).toBe(true);
    expect(compileTemplate('=text').reads.json).toBe(false);
  });

  test.each([
    ["={{ $('a').first().json.x }}", false],
    ["={{ $('a').all().length + $input.all().map((r) => r.x).length }}", false],
    ["={{ ($('a')).last()?.x }}", false],
    ["={{ $('a').item.x }}", true],
    ['={{ $input.item.x }}', true],
    ["={{ $('a').first().x + $('b').item.x }}", true],
    ["={{ [$('a')].length }}", true],
    ["={{ $('a')['first']().x }}", true],
  ])('%s depends on the record at hand: %s', (source, item) => {
    expect(compileTemplate(source).reads.item).toBe(item);
  });
});
