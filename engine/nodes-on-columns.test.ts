import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import aggregate from '../nodes/data/aggregate.ts';
import check from '../nodes/data/check.ts';
import compare from '../nodes/data/compare.ts';
import dedupe from '../nodes/data/dedupe.ts';
import filter from '../nodes/data/filter.ts';
import generate from '../nodes/data/generate.ts';
import join from '../nodes/data/join.ts';
import limit from '../nodes/data/limit.ts';
import { measureFunctions } from '../nodes/data/measures.ts';
import pickFields from '../nodes/data/pick-fields.ts';
import renameFields from '../nodes/data/rename-fields.ts';
import setFields from '../nodes/data/set-fields.ts';
import sort from '../nodes/data/sort.ts';
import splitOut from '../nodes/data/split-out.ts';
import ifNode from '../nodes/flow/if.ts';
import merge from '../nodes/flow/merge.ts';
import switchNode from '../nodes/flow/switch.ts';
import type { DataRecord, NodeDefinition } from '../sdk/index.ts';
import { setOwnField } from '../sdk/index.ts';
import { type RunOptions, type RunResult, runNode } from '../sdk/testing/index.ts';
import { comparisons } from '../spec/workflow/conditions.ts';

/** A field's values are mostly of one kind, or of two: then there are columns of numbers, of texts and of anything. */
const kinds: readonly fc.Arbitrary<unknown>[] = [
  fc.integer({ min: -2, max: 5 }),
  fc.constantFrom(0, -0, 0.1, 1.5, -2.25, 1e300, 5e-324, 2 ** 53, 2 ** 53 - 1),
  fc.constantFrom('', 'a', 'A', ' b ', 'a1', '1', '-0', '1.50', '9007199254740993', '0.30000000000000000001'),
  fc.constantFrom('😀', '\ud800', '\udc00x', 'e\u0301', '\u0000', '\0sa', 'x'.repeat(300), '2026-01-31', '2026-02-30'),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom<unknown>([], [1, null], ['a', { b: 1 }], {}, { b: 1 }, { b: 'x', c: [2] }, { c: [2], b: 'x' }),
];
const values = fc.oneof(
  { arbitrary: fc.constantFrom(...kinds), weight: 4 },
  { arbitrary: fc.subarray([...kinds], { minLength: 2 }).map((some) => fc.oneof(...some)), weight: 3 },
);

const usual = ['a', 'b', 'id', 'a.b', 'constructor', 'toString', 'length', '', '😀', 'right_a', 'right_b'];
/** Objects do not keep them in their place, or are changed by them. */
const odd = ['10', '0', '__proto__'];
const fieldName = fc
  .oneof({ arbitrary: fc.constantFrom('a', 'b', 'id'), weight: 3 }, fc.constantFrom(...usual, ...odd))
  .filter((name) => name !== '');
const fieldNames = fc.uniqueArray(fieldName, { minLength: 1, maxLength: 3 });

const layout = fc.oneof(
  { arbitrary: fc.subarray(usual, { minLength: 1, maxLength: 6 }), weight: 8 },
  { arbitrary: fc.shuffledSubarray([...usual, ...odd], { minLength: 0, maxLength: 6 }), weight: 1 },
);

/** Records of the same fields, but for a few. */
const table: fc.Arbitrary<DataRecord[]> = fc
  .tuple(layout, fc.array(values, { minLength: usual.length, maxLength: usual.length }))
  .chain(([names, columns]) =>
    fc
      .array(
        fc.record({
          values: fc.tuple(...names.map((_, at) => columns[at] as fc.Arbitrary<unknown>)),
          oddity: fc.oneof(
            { arbitrary: fc.constant('none'), weight: 40 },
            fc.constantFrom('missing', 'more', 'turned', 'undefined'),
          ),
        }),
        { maxLength: 24 },
      )
      .map((rows) => rows.map(({ values: row, oddity }) => recordOf(names, row, oddity))),
  );

function recordOf(names: readonly string[], row: readonly unknown[], oddity: string): DataRecord {
  const entries = names.map((name, at): [string, unknown] => [name, row[at]]);
  if (oddity === 'missing') entries.pop();
  if (oddity === 'more') entries.push(['extra', 1]);
  if (oddity === 'turned') entries.reverse();
  const record: DataRecord = {};
  for (const [name, value] of entries) setOwnField(record, name, value);
  return record;
}

const names = ['a', 'b', 'id', 'constructor', 'length', 'none'];
const read = fc.oneof(
  fc.constantFrom(...names).map((name) => `$json.${name}`),
  fc.constantFrom(
    "$json['a.b']",
    "$json['10']",
    '$json.a.b',
    '$json.a?.b',
    "$json['']",
    '$json',
    '$itemIndex',
    '$index',
  ),
);
const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    { weight: 5, arbitrary: read },
    fc.constantFrom(
      '1',
      "'a'",
      'null',
      'undefined',
      '[1]',
      '$vars.region',
      '$run.id',
      '$now.toISO()',
      '0.1',
      '{ b: 1 }',
    ),
    fc
      .tuple(tie('any'), fc.constantFrom('+', '-', '*', '/', '%', '>', '<=', '===', '!=', '&&', '||', '??'), tie('any'))
      .map(([l, by, r]) => `(${l}) ${by} (${r})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([c, x, y]) => `(${c}) ? (${x}) : (${y})`),
    fc
      .tuple(
        tie('any'),
        fc.constantFrom(
          'trim()',
          'toUpperCase()',
          'length',
          'toNumber()',
          'slice(0, 1)',
          'includes("a")',
          'round(1)',
          'toText()',
          'toDate()',
          'isEmpty()',
          'map(x => x)',
          'match(/a/)',
          "replace(/[a-z]/g, 'x')",
          'first()',
          'b',
          "['b']",
        ),
      )
      .map(([x, call]) => (call.startsWith('[') ? `(${x})${call}` : `(${x}).${call}`)),
  ),
})).any;
const template = fc.oneof(
  { weight: 3, arbitrary: expression.map((source) => `={{ ${source} }}`) },
  fc.tuple(expression, expression).map(([x, y]) => `=${'{{ '}${x} }} and {{ ${y} }}`),
);
const setting = fc.oneof<fc.Arbitrary<unknown>[]>(
  template,
  template,
  fc.constantFrom(1, 'text', null, true, [1], { b: 2 }),
  template.map((one) => ({ nested: one, list: [one, 1] })),
);
const settings = fc.dictionary(
  fc.oneof({ arbitrary: fc.constantFrom('a', 'b', 'new', 'last'), weight: 6 }, fc.constantFrom(...usual, '10')),
  setting,
  { maxKeys: 3 },
);

const condition = fc.record({
  left: template,
  is: fc.constantFrom(...comparisons),
  right: fc.oneof<fc.Arbitrary<unknown>[]>(
    template,
    fc.constantFrom<unknown>(
      0,
      1,
      'a',
      '1',
      '[a-z]',
      '(',
      null,
      [1, 'a'],
      ['={{ $json.b }}', 'x'],
      'text',
      'number',
      '2026-01-31',
    ),
  ),
  loose: fc.boolean(),
});
const conditions = fc.oneof(
  fc.array(condition, { maxLength: 3 }).map((all) => ({ all })),
  fc.array(condition, { maxLength: 3 }).map((any) => ({ any })),
  fc.tuple(condition, condition, condition).map(([x, y, z]) => ({ all: [x, { any: [y, z] }] })),
);

interface Given {
  readonly params: DataRecord;
  readonly inputs: Readonly<Record<string, readonly DataRecord[]>>;
}

interface Trial {
  readonly node: NodeDefinition;
  readonly given: fc.Arbitrary<Given>;
}

function trial(node: unknown, params: fc.Arbitrary<object>, ports: readonly string[] = ['input']): Trial {
  const inputs = fc.record(Object.fromEntries(ports.map((port) => [port, table])));
  return { node: node as NodeDefinition, given: fc.record({ params: params as fc.Arbitrary<DataRecord>, inputs }) };
}

const measure = fc.record({ as: fieldName, of: fieldName, fn: fc.constantFrom(...measureFunctions) });

const trials: Readonly<Record<string, Trial>> = {
  filter: trial(filter, fc.record({ conditions })),
  if: trial(ifNode, fc.record({ conditions })),
  switch: trial(
    switchNode,
    fc.record({
      cases: fc.tuple(conditions, conditions).map(([x, y]) => [
        { name: 'x', conditions: x },
        { name: 'y', conditions: y },
      ]),
      mode: fc.constantFrom('first', 'all'),
    }),
  ),
  'set-fields': trial(
    setFields,
    fc.oneof(
      fc.record({ fields: settings }),
      fc.record({ fields: settings, keep: fc.constant('none') }),
      fc.record({ fields: settings, keep: fc.constantFrom('listed', 'except'), names: fieldNames }),
    ),
  ),
  join: trial(
    join,
    fc.record({
      on: fc.array(fc.record({ left: fieldName, right: fieldName }), { minLength: 1, maxLength: 2 }),
      how: fc.constantFrom('inner', 'left', 'right', 'full', 'anti'),
      prefix: fc.constantFrom('right_', '1'),
    }),
    ['left', 'right'],
  ),
  aggregate: trial(
    aggregate,
    fc.record({
      groupBy: fc.oneof(fc.constant([]), fieldNames),
      measures: fc.uniqueArray(measure, { selector: ({ as }) => as, maxLength: 3 }),
    }),
  ),
  compare: trial(compare, fc.record({ key: fieldNames, ignore: fc.array(fieldName, { maxLength: 1 }) }), [
    'old',
    'new',
  ]),
  dedupe: trial(
    dedupe,
    fc.record({ by: fc.oneof(fc.constant([]), fieldNames), keep: fc.constantFrom('first', 'last') }),
  ),
  sort: trial(
    sort,
    fc.record({
      by: fc.array(
        fc.record({
          field: fieldName,
          order: fc.constantFrom('ascending', 'descending'),
          nulls: fc.constantFrom('first', 'last'),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  ),
  limit: trial(limit, fc.record({ count: fc.nat(8), from: fc.constantFrom('start', 'end') })),
  'rename-fields': trial(
    renameFields,
    fc.record({ fields: fc.dictionary(fc.constantFrom(...usual, '10'), fieldName, { maxKeys: 2 }) }),
  ),
  'pick-fields': trial(pickFields, fc.record({ fields: fieldNames })),
  'split-out': trial(
    splitOut,
    fc.record({ field: fieldName, keep: fc.constantFrom('all', 'none'), keepEmpty: fc.boolean() }),
  ),
  check: trial(
    check,
    fc.record({
      rules: fc.array(fc.record({ rule: fc.constantFrom('not-null', 'unique'), field: fieldName }), {
        minLength: 1,
        maxLength: 2,
      }),
      tolerate: fc.constantFrom('100%', 1),
    }),
    ['input', 'reference'],
  ),
  merge: trial(merge, fc.constant({})),
};

/** With the order of fields, and what JSON does not tell apart. */
function shown(value: unknown): string {
  return JSON.stringify(value, (_key, one) => {
    if (one === undefined) return 'undefined!';
    if (Object.is(one, -0)) return '-0!';
    return one;
  });
}

function outcome({ ports, origins, logs, error }: RunResult): string {
  expect(error?.class, String(error?.details)).not.toBe('internal');
  const given = Object.keys(ports).sort();
  return shown({ ports: given.map((port) => [port, ports[port], origins[port]]), logs, error });
}

async function attempt(node: NodeDefinition, given: Given, more: RunOptions = {}): Promise<string> {
  return outcome(await runNode(node, { ...given, mayFail: true, vars: { region: 'EU' }, ...more }));
}

describe('what comes as columns gives what it gives record by record', () => {
  it.each(Object.entries(trials))('in %s', async (_name, { node, given }) => {
    const sizes = fc.constantFrom(1, 3, 1000);
    const memory = fc.constantFrom(Number.POSITIVE_INFINITY, 3_000, 300, 0);
    await fc.assert(
      fc.asyncProperty(given, sizes, memory, async (one, batchSize, workingMemory) => {
        const expected = await attempt(node, one, { batchSize, workingMemory });
        expect(await attempt(node, one, { batchSize, workingMemory, asColumns: true })).toBe(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('in generate', async () => {
    const node = generate as unknown as NodeDefinition;
    const { runner } = node;
    const without = {
      ...node,
      runner: { ...runner, run: (io: IO) => runner.run({ ...io, columnMaker: () => undefined }) },
    };
    const count = fc.oneof(fc.nat(5), fc.constantFrom('={{ $json.a }}', '={{ $itemIndex }}'));
    const { given } = trial(node, fc.record({ count, fields: settings }));
    await fc.assert(
      fc.asyncProperty(given, async (one) => {
        expect(await attempt(node, one)).toBe(await attempt(without, one));
      }),
      { numRuns: 300 },
    );
  });
});

type IO = Parameters<NodeDefinition['runner']['run']>[0];
