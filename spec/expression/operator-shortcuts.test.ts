import fc from 'fast-check';
import { DateTime, Duration } from 'luxon';
import { expect, test } from 'vitest';
import { readComputed, readProperty } from './access.ts';
import { type Code, emptyFrame } from './compilation.ts';
import { operations } from './compile-operators.ts';
import { ExpressionError } from './expression-error.ts';
import { methods } from './library.ts';
import { defaultLimits, Run } from './run.ts';
import { sampleScope } from './sample-scope.ts';
import { compileTemplate } from './template.ts';

/** Values of every kind that can meet an operator, and some that a host ought not to hand over. */
const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(undefined, null, true, false, 0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '', ' ', '0'),
  fc.integer({ min: -3, max: 3 }),
  fc.double(),
  fc.integer({ min: -3, max: 3 }).map(String),
  fc.string({ maxLength: 4 }),
  fc.constantFrom('a'.repeat(256), 'a'.repeat(257), '2024-01-15', '12345678901234567890'),
  fc.array(fc.integer(), { maxLength: 2 }),
  fc.constantFrom([], {}, { a: 1 }, Object.assign(Object.create(null), { a: 1 }), new Map([['a', 1]])),
  fc.constantFrom(new Date(0), DateTime.fromMillis(0, { zone: 'utc' }), Duration.fromMillis(5)),
  fc.constantFrom(
    new (class Host {
      readonly own = 1;
      get secret() {
        return 'reached';
      }
    })(),
    Object.create({ secret: 'reached' }),
    () => 'reached',
  ),
);

interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
  readonly stepsLeft: number;
  readonly memoryLeft: number;
}

/** What a code gives, how it fails, and what it charges. */
function outcome(json: unknown, code: Code): Outcome {
  const run = new Run({ ...sampleScope(), json }, defaultLimits);
  const left = () => ({ stepsLeft: run.stepsLeft, memoryLeft: run.memoryLeft });
  try {
    return { value: code(run, emptyFrame), ...left() };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { error: `${error.code} ${error.message}`, ...left() };
  }
}

const operators = [...operations.keys()];

test.each(operators)('%s gives and charges the same by its shortcuts as by its whole meaning', (operator) => {
  const operation = operations.get(operator);
  if (operation === undefined) throw new Error(`There is no operation ${operator}`);
  const { code } = compileTemplate(`={{ $json.a ${operator} $json.b }}`);
  fc.assert(
    fc.property(values, values, (a, b) => {
      const [left, right] = [a, b].map((value) => (typeof value === 'function' ? undefined : value));
      expect(outcome({ a, b }, code)).toEqual(outcome(undefined, (run) => operation(run, left, right)));
    }),
    { numRuns: 1000 },
  );
});

const constants = [0, 1, 2.5, 9007199254740992, '', '1', 'a', ' 2 ', 'a'.repeat(256), 'a'.repeat(257), true, null];

test.each(operators)('%s does so beside a value written in the source', (operator) => {
  const operation = operations.get(operator);
  if (operation === undefined) throw new Error(`There is no operation ${operator}`);
  for (const constant of constants) {
    const { code } = compileTemplate(`={{ $json.a ${operator} ${JSON.stringify(constant)} }}`);
    fc.assert(
      fc.property(values, (a) => {
        const left = typeof a === 'function' ? undefined : a;
        expect(outcome({ a }, code)).toEqual(outcome(undefined, (run) => operation(run, left, constant)));
      }),
      { numRuns: 100 },
    );
  }
});

test.each(['a', 'secret', 'own', 'length', 'constructor', 'toString', 'year', 'index'])(
  'reading %s gives the same by its shortcuts as by the general way',
  (name) => {
    const ofRecord = compileTemplate(`={{ $json.${name} }}`).code;
    const ofValue = compileTemplate(`={{ ($json.v).${name} }}`).code;
    fc.assert(
      fc.property(values, (value) => {
        expect(outcome(value, ofRecord)).toEqual(outcome(value, (run) => readProperty(run, value, name, methods)));
        const seen = typeof value === 'function' ? undefined : value;
        expect(outcome({ v: value }, ofValue)).toEqual(
          outcome(undefined, (run) => readProperty(run, seen, name, methods)),
        );
      }),
    );
  },
);

test('reading by a computed key gives the same by its shortcuts as by the general way', () => {
  const { code } = compileTemplate('={{ $json.v[$json.key] }}');
  const keys = fc.oneof(values, fc.constantFrom(0, 1, -1, 1.5, 2 ** 32, '0', 'length'));
  fc.assert(
    fc.property(values, keys, (v, key) => {
      const [value, at] = [v, key].map((one) => (typeof one === 'function' ? undefined : one));
      expect(outcome({ v, key }, code)).toEqual(outcome(undefined, (run) => readComputed(run, value, at, methods)));
    }),
    { numRuns: 1000 },
  );
});
