import { type AnyNode, parseExpressionAt } from 'acorn';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Columns } from '../workflow/columns.ts';
import { builderOf, columnBuilderOf, columnFillerOf } from './build-value.ts';
import type { Rows } from './column-code.ts';
import { operations } from './compile-operators.ts';
import { ExpressionError } from './expression-error.ts';
import { allFunctions, allMethods } from './library.ts';
import { sampleRecord, sampleScope } from './sample-scope.ts';
import { type CompiledTemplate, compileTemplate } from './template.ts';

type Fields = Readonly<Record<string, Float64Array | readonly unknown[]>>;

function rowsOf(fields: Fields, firstIndex?: number): Rows {
  const columns = Object.values(fields);
  const count = columns[0]?.length ?? 0;
  const json = new Columns(count, Object.keys(fields), columns);
  return { count, scope: sampleScope(), json, firstItem: 7, firstIndex };
}

/** What a template gives record by record; the error where one of them fails. */
function rowByRow(template: CompiledTemplate, rows: Rows, empty: undefined | null): unknown[] | ExpressionError {
  const build = builderOf(template, empty);
  try {
    return Array.from({ length: rows.count }, (_, row) => {
      const own = rows.json && { json: rows.json.records[row], itemIndex: rows.firstItem + row };
      const counted = rows.firstIndex === undefined ? undefined : { index: rows.firstIndex + row };
      return build?.({ ...rows.scope, ...own, ...counted });
    });
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
}

/** Holds the column of a template against what it gives record by record; tells whether there was one. */
function agrees(source: string, rows: Rows, empty: undefined | null = null): boolean {
  const template = compileTemplate(source);
  const column = columnBuilderOf(template, empty)?.(rows);
  if (column === undefined) return false;
  expect([...column], source).toEqual(rowByRow(template, rows, empty));
  expect(column).not.toContain(undefined);
  return true;
}

const number = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom(0, -0, 1, 0.5, -2.25, 9999, 10_000, 2 ** 31, 2 ** 52, 2 ** 53, 1e300, -1e-300),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const text = fc.oneof(
  fc.constantFrom('', 'a', 'Ada', ' b ', '12', '-1.5', '2024-01-15', 'ß', 'a'.repeat(256), 'b'.repeat(257)),
  fc.string({ maxLength: 5 }),
);
const nested = fc.constantFrom([], [1, 2], ['x', null], {}, { a: 1, x: 'y' }, { x: { y: [1] } });
const value = fc.oneof(number, text, fc.boolean(), fc.constant(null), nested);
const rowCount = 6;

/** A column of one kind of value, of two, or of all. */
function columnOf<T>(kind: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(kind, { minLength: rowCount, maxLength: rowCount });
}
const column = fc.oneof<fc.Arbitrary<Float64Array | unknown[]>[]>(
  columnOf(number).map((numbers) => Float64Array.from(numbers)),
  columnOf(number),
  columnOf(text),
  columnOf(fc.boolean()),
  columnOf(fc.oneof(number, fc.constant(null))),
  columnOf(fc.oneof(text, fc.constant(null))),
  columnOf(nested),
  columnOf(value),
);
const fields = fc.record({ a: column, b: column, c: column });

const operands = ['$json.a', '$json.b', '$index', '0', '2', '2.5', "'a'", "'12'", 'null', '$json.none', 'true'];

test.each([...operations.keys(), '&&', '||', '??'])(
  '%s gives for a batch what it gives record by record',
  (operator) => {
    const pairs = operands.flatMap((left) => operands.map((right) => `${left} ${operator} ${right}`));
    const expressions = operator === '**' ? pairs.filter((pair) => !pair.startsWith('-')) : pairs;
    fc.assert(
      fc.property(fields, fc.constantFrom(...expressions), (given, expression) => {
        agrees(`={{ ${expression} }}`, rowsOf(given, 3));
        agrees(`=so: {{ ${expression} }}.`, rowsOf(given, 3));
      }),
      { numRuns: 500 },
    );
  },
);

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const two = fc.tuple(tie('expression'), tie('expression'));
  return {
    expression: fc.oneof(
      { maxDepth: 4 },
      { weight: 4, arbitrary: fc.constantFrom(...operands, '$json.c', '$itemIndex', '$vars.region', '($now)') },
      {
        weight: 4,
        arbitrary: fc.tuple(fc.constantFrom(...operations.keys()), two).map(([by, [l, r]]) => `((${l}) ${by} (${r}))`),
      },
      fc.tuple(fc.constantFrom('-', '+', '~', '!', 'typeof '), tie('expression')).map(([by, x]) => `(${by}(${x}))`),
      fc.tuple(fc.constantFrom('&&', '||', '??'), two).map(([by, [l, r]]) => `((${l}) ${by} (${r}))`),
      fc.tuple(tie('expression'), two).map(([c, [x, y]]) => `((${c}) ? (${x}) : (${y}))`),
      fc.tuple(tie('expression'), two).map(([c, [x, y]]) => `$if(${c}, ${x}, ${y})`),
      two.map(([x, y]) => `ifEmpty(${x}, ${y})`),
      two.map(([x, y]) => `\`<\${${x}}-\${${y}}>\``),
      two.map(([x, y]) => `max(${x}, ${y})`),
      fc
        .tuple(tie('expression'), fc.constantFrom('x', 'x.y', 'length', 'year', 'constructor', 'toString'))
        .map(([x, name]) => `(${x}).${name}`),
      fc
        .tuple(
          tie('expression'),
          fc.constantFrom('toUpperCase', 'trim', 'isEmpty', 'toNumber', 'toText', 'round', 'first'),
        )
        .map(([x, name]) => `(${x}).${name}()`),
      fc
        .tuple(tie('expression'), fc.constantFrom('slice', 'substring', 'includes', 'at', 'round'), two)
        .map(([x, name, [y, z]]) => `(${x}).${name}(${name === 'round' ? y : `${y}, ${z}`})`),
      fc
        .tuple(tie('expression'), fc.constantFrom('slice(0, 2)', 'slice(-2)', 'substring(1)', "replace('a', 'b')"))
        .map(([x, call]) => `(${x}).${call}`),
    ),
  };
});

test('whole expressions give for a batch what they give record by record', () => {
  let given = 0;
  fc.assert(
    fc.property(expression, fields, fc.constantFrom(undefined, null), (source, columns, empty) => {
      for (const template of [`={{ ${source} }}`, `={{ ${source} }} and {{ $json.a }}`]) {
        if (agrees(template, rowsOf(columns, 3), empty)) given++;
      }
    }),
    { numRuns: 4000 },
  );
  expect(given).toBeGreaterThan(2000);
});

test('remainders come out as in JavaScript', () => {
  const edges = fc.constantFrom(0, -0, 2 ** 52 - 1, 2 ** 52, 2 ** 52 + 1, 2 ** 53 - 1, 2 ** 53);
  const whole = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -20, max: 20 }), edges, number);
  /** Multiples and their neighbours, whose quotients are close to whole numbers. */
  const close = fc
    .tuple(fc.nat({ max: 2 ** 30 }), fc.integer({ min: 1, max: 2 ** 23 }), fc.integer({ min: -1, max: 1 }))
    .map(([quotient, divisor, by]) => [quotient * divisor + by, divisor] as const);
  const sides = fc.oneof(fc.tuple(whole, whole), close);
  fc.assert(
    fc.property(columnOf(sides), (pairs) => {
      const dividends = Float64Array.from(pairs, ([dividend]) => dividend);
      const divisors = Float64Array.from(pairs, ([, divisor]) => divisor || 7);
      const divisor = divisors[0] as number;
      const rows = rowsOf({ a: dividends, b: divisors });
      const made = (source: string) => columnBuilderOf(compileTemplate(source), null)?.(rows);
      expect(made('={{ $json.a % $json.b }}')).toEqual(dividends.map((one, row) => one % (divisors[row] as number)));
      expect(made(`={{ $json.a % (${divisor}) }}`)).toEqual(dividends.map((one) => one % divisor));
    }),
    { numRuns: 3000 },
  );
});

/** The expression, and the same with one of its fixed values at a time read from a field. */
function variants(source: string): { expression: string; v: unknown }[] {
  const literals: { start: number; end: number; value: unknown }[] = [];
  const visit = (node: AnyNode) => {
    if (node.type === 'Literal' && !node.regex) literals.push(node);
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === '$') return;
    for (const [name, child] of Object.entries(node)) {
      if (name === 'key' || (name === 'property' && !(node as { computed?: boolean }).computed)) continue;
      for (const one of [child].flat()) if (typeof one?.type === 'string') visit(one);
    }
  };
  visit(parseExpressionAt(source, 0, { ecmaVersion: 2024 }));
  const replaced = literals.map(({ start, end, value }) => ({
    expression: `${source.slice(0, start)}($json.v)${source.slice(end)}`,
    v: value,
  }));
  return [{ expression: source, v: null }, ...replaced];
}

const documented = [...allFunctions, ...allMethods].flatMap(({ signature, examples }) =>
  examples.flatMap(({ expression }) => variants(expression).map((variant) => ({ signature, ...variant }))),
);

test.each(documented)('$signature: $expression', ({ expression, v }) => {
  const record = Object.entries(sampleRecord);
  const sample = { ...Object.fromEntries(record.map(([name, field]) => [name, [field, field, field]])), v: [v, v, v] };
  agrees(`={{ ${expression} }}`, rowsOf(sample, 0));
  agrees(`=so: {{ ${expression} }}`, rowsOf(sample, 0));
  fc.assert(
    fc.property(columnOf(value), columnOf(value), (vs, scores) => {
      const some = Object.fromEntries(record.map(([name, field]) => [name, vs.map(() => field)]));
      agrees(`={{ ${expression} }}`, rowsOf({ ...some, score: scores, v: vs.with(0, v) }, 0));
    }),
    { numRuns: 15 },
  );
});

const orders: Fields = {
  id: [0, 1, 2, 3],
  name: ['customer 1', 'customer 2', 'ß', ''],
  price: Float64Array.of(0.1, 20, 3, -0),
  count: [0, 5, 6, 8],
  day: ['2026-01-15', '2026-02-15', '2026-03', ''],
  country: [null, 'DE', '', 'FR'],
  address: [{ city: 'London' }, { city: 'Rome' }, null, {}],
  tags: [['a', 'b'], [], null, ['c']],
  mixed: [1, 'a', null, ['b']],
};

test.each([
  '={{ $index }}',
  '={{ $itemIndex }}',
  '={{ $index * 7919 % 10000 }}',
  '=customer {{ $index * 7919 % 10000 }}',
  '=2026-0{{ $index % 9 + 1 }}-15',
  "={{ $index % 4 == 0 ? null : 'DE' }}",
  '={{ $json.price * $json.count }}',
  '={{ $json.count / 2 - -1 }}',
  '={{ $json.name.toUpperCase() }} no. {{ $json.id }}',
  '={{ $json.day.slice(0, 7) }}',
  "={{ $json.count > 5 ? 'large' : 'small' }}",
  "={{ $json.country ?? 'unknown' }}",
  "={{ $json.country || 'unknown' }}",
  '={{ $json.country && $json.country.toLowerCase() }}',
  "={{ ifEmpty($json.country, 'unknown') }}",
  "={{ $if($json.country == 'DE', 1, 2) }}",
  '={{ `${$json.name}: ${$json.price}` }}',
  '={{ $json.address.city }}',
  "={{ $json.tags.join(', ') }}",
  '={{ round($json.price, 1) }}',
  '={{ Math.floor($json.price) }}',
  "={{ $json.name.replace(/[0-9]/, '#') }}",
  '={{ $json.none }}',
  '={{ Array.of() }}',
  '=no values at all',
  '={{ $vars.region }}',
  "={{ $now.format('yyyy') }}",
  '={{ $now.plus($json.id, "days") }}',
  '={{ !$json.country }}',
  '={{ $json.tags }}',
  // What a branch that is not taken would have failed with plays no part.
  '={{ $json.count == 0 ? 0 : 10 / $json.count }}',
  "={{ typeof $json.mixed == 'number' ? $json.mixed * 2 : $json.mixed ?? 'none' }}",
  '={{ $json.count != 0 && 10 % $json.count }}',
  '={{ $json.count == 0 || 10 / $json.count }}',
  '={{ $if($json.id < 2, $json.name.slice(8).toNumber() + $index, $itemIndex) }}',
  "={{ $json.id < 3 ? $json.day.slice(5, 7).toNumber() > 1 : $json.name == '' }}",
])('%s has a column', (source) => {
  expect(agrees(source, rowsOf(orders, 0))).toBe(true);
});

test('what is worked out for generated records sees the one record that they come from', () => {
  const rows: Rows = {
    count: 3,
    scope: { ...sampleScope(), itemIndex: 4 },
    json: undefined,
    firstItem: 0,
    firstIndex: 5,
  };
  for (const source of [
    '={{ $json.score + $index }}',
    '={{ $itemIndex }}',
    '={{ $index }}',
    '={{ $json.firstName }}',
  ]) {
    expect(agrees(source, rows)).toBe(true);
  }
});

test.each([
  '={{ 10 / $json.count }}',
  '={{ $json.name + 1 - 1 }}',
  '={{ $json.price * 1e308 * 10 }}',
  '=so: {{ $json.price * 1e308 * 10 }}',
  '={{ $json.id.toUpperCase() }}',
  '={{ $json.tags < 1 }}',
])('%s has none where a record fails', (source) => {
  const rows = rowsOf(orders);
  expect(rowByRow(compileTemplate(source), rows, null)).toBeInstanceOf(ExpressionError);
  expect(columnBuilderOf(compileTemplate(source), null)?.(rows)).toBeUndefined();
});

test.each(['={{ $json }}', '={{ $("accounts").item.id }}', '={{ $json.tags.map(x => x) }}', '={{ [$json.id] }}'])(
  '%s is for single records',
  (source) => {
    expect(columnBuilderOf(compileTemplate(source), null)).toBeUndefined();
  },
);

test('a missing value is what was asked for, and where that is undefined there is no column', () => {
  const build = (empty: undefined | null) => columnBuilderOf(compileTemplate('={{ $json.address.city }}'), empty);
  expect(build(null)?.(rowsOf(orders))).toEqual(['London', 'Rome', null, null]);
  expect(build(undefined)?.(rowsOf(orders))).toBeUndefined();
});

test('a batch that runs out of the budgets of one evaluation has no column', () => {
  const texts = { t: Array.from({ length: 100 }, () => 'a') };
  const light = columnBuilderOf(compileTemplate('={{ $json.t.repeat(1000).length }}'), null);
  const heavy = columnBuilderOf(compileTemplate('={{ $json.t.repeat(1000000).length }}'), null);
  expect(light?.(rowsOf(texts))).toEqual(new Array(100).fill(1000));
  expect(heavy?.(rowsOf(texts))).toBeUndefined();
});

test('each template has full budgets, and too long a text fails in a batch as by itself', () => {
  const t = { t: ['a'.repeat(5_000_000)] };
  const half = compileTemplate('={{ $json.t.toUpperCase() }}{{ "b" }}');
  expect(
    columnFillerOf(Object.fromEntries([...'abcdefghijkl'].map((name) => [name, half])), null)?.(rowsOf(t)),
  ).toHaveLength(12);
  expect(agrees('={{ $json.t }}{{ $json.t }}', rowsOf(t))).toBe(true);
  for (const source of [
    '={{ $json.t }}{{ $json.t }}b',
    '={{ `${$json.t}${$json.t}b` }}',
    '={{ $json.t + $json.t + "b" }}',
  ]) {
    expect(columnBuilderOf(compileTemplate(source), null)?.(rowsOf(t))).toBeUndefined();
  }
});

test('the columns of several fields come in their order, fixed values among them', () => {
  const shared = { deep: [1] };
  const given = { b: compileTemplate('={{ $json.id + 1 }}'), a: 'fixed', n: 5, o: shared, z: null };
  const columns = columnFillerOf(given, null)?.(rowsOf({ id: [1, 2] }));
  expect(columns?.map((one) => [...one])).toEqual([
    [2, 3],
    ['fixed', 'fixed'],
    [5, 5],
    [shared, shared],
    [null, null],
  ]);
  expect(columns?.[3]?.[1]).toBe(shared);
  expect(columnFillerOf({ ...given, list: [given.b] }, null)).toBeUndefined();
  expect(columnBuilderOf(undefined, null)?.(rowsOf({ id: [1] }))).toBeUndefined();
});

test('columns of the records are handed over, never changed', () => {
  const id = Float64Array.of(1, 2);
  const seen = new Set([new Date(0), 'x']);
  const rows = rowsOf({ id, seen: [...seen] });
  expect(columnBuilderOf(compileTemplate('={{ $json.id }}'), null)?.(rows)).toBe(id);
  expect(agrees('={{ $json.seen }}', rows)).toBe(true);
  expect(rows.json?.column('seen')).toEqual([...seen]);
});
