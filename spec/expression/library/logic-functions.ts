import { DateTime } from 'luxon';
import type { Code } from '../compilation.ts';
import { category } from '../definition.ts';
import { ExpressionError } from '../expression-error.ts';
import { strictlyEqual } from '../operators.ts';
import { isPlainObject } from '../values.ts';
import { isMissing } from './arguments.ts';

const { fn, lazy } = category('Logic');

/** Missing, an empty text, an empty list or an object without fields. Numbers and booleans are never empty. */
export function isEmptyValue(value: unknown): boolean {
  if (isMissing(value) || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPlainObject(value) && Object.keys(value).length === 0;
}

const none: Code = () => undefined;

function lazyIf([test = none, yes = none, no = none]: readonly Code[]): Code {
  return (run, frame) => (test(run, frame) ? yes(run, frame) : no(run, frame));
}

function lazyIfEmpty([value = none, fallback = none]: readonly Code[]): Code {
  return (run, frame) => {
    const result = value(run, frame);
    return isEmptyValue(result) ? fallback(run, frame) : result;
  };
}

/** Pairs of test and result, and one more for the rest. */
function lazyIfs(codes: readonly Code[]): Code {
  return (run, frame) => {
    for (let i = 0; i + 1 < codes.length; i += 2) {
      if (codes[i]?.(run, frame)) return codes[i + 1]?.(run, frame);
    }
    return codes.length % 2 === 1 ? codes[codes.length - 1]?.(run, frame) : undefined;
  };
}

function lazyChoose([value = none, ...codes]: readonly Code[]): Code {
  return (run, frame) => {
    const wanted = value(run, frame);
    for (let i = 0; i + 1 < codes.length; i += 2) {
      if (strictlyEqual(run, wanted, codes[i]?.(run, frame))) return codes[i + 1]?.(run, frame);
    }
    return codes.length % 2 === 1 ? codes[codes.length - 1]?.(run, frame) : undefined;
  };
}

/** Catches what goes wrong with values; running out of a budget is never caught. */
function lazyIfError([value = none, fallback = none]: readonly Code[]): Code {
  return (run, frame) => {
    const { depth } = run;
    try {
      const result = value(run, frame);
      return typeof result === 'number' && !Number.isFinite(result) ? fallback(run, frame) : result;
    } catch (error) {
      if (!(error instanceof ExpressionError) || error.isBudget) throw error;
      run.depth = depth;
      return fallback(run, frame);
    }
  };
}

/** The eager form of a lazy function, for when it is handed to another function by name. */
function eager(make: (codes: readonly Code[]) => Code): (run: Parameters<Code>[0], ...args: unknown[]) => unknown {
  return (run, ...args) => make(args.map((arg) => () => arg))(run, { values: [], parent: undefined });
}

export const logicFunctions = [
  lazy(
    '$if(test, then, otherwise?)',
    'One of two values by a test. Only the chosen one is worked out.',
    [["$if($json.score > 50, 'hot', 'cold')", 'hot']],
    eager(lazyIf),
    lazyIf,
  ),
  lazy(
    'ifs(test, value, ...more)',
    'The value after the first test that holds; a last value without a test is for all the rest.',
    [["ifs($json.score > 90, 'A', $json.score > 60, 'B', 'C')", 'B']],
    eager(lazyIfs),
    lazyIfs,
  ),
  lazy(
    'choose(value, when, then, ...more)',
    'Compares the value with each case in turn and gives what follows it; a last value is for all the rest.',
    [["choose($json.country, 'DE', 'Germany', 'FR', 'France', 'elsewhere')", 'Germany']],
    eager(lazyChoose),
    lazyChoose,
  ),
  lazy(
    'ifEmpty(value, otherwise)',
    'The value, or the other when it is missing or empty.',
    [
      ["ifEmpty($json.nickname, 'friend')", 'friend'],
      ['ifEmpty(0, 5)', 0],
    ],
    eager(lazyIfEmpty),
    lazyIfEmpty,
  ),
  lazy(
    '$ifEmpty(value, otherwise)',
    'The same as ifEmpty.',
    [["$ifEmpty('', 'none')", 'none']],
    eager(lazyIfEmpty),
    lazyIfEmpty,
  ),
  lazy(
    'ifError(value, otherwise)',
    'The value, or the other when working it out fails.',
    [
      ["ifError(toNumber('abc'), 0)", 0],
      ['ifError(10 / 0, null)', null],
    ],
    eager(lazyIfError),
    lazyIfError,
  ),
  fn(
    'coalesce(...values)',
    'The first value that is not missing. An empty text counts as a value; use ifEmpty where it should not.',
    [["coalesce($json.fax, $json.firstName, 'friend')", 'Ada']],
    (_, ...values) => values.find((value) => !isMissing(value)),
  ),
  fn(
    'isEmpty(value)',
    'Whether the value is missing, an empty text, an empty list or an object without fields.',
    [
      ["isEmpty('')", true],
      ['isEmpty($json.nickname)', true],
      ['isEmpty(0)', false],
    ],
    (_, value) => isEmptyValue(value),
  ),
  fn(
    'isNotEmpty(value)',
    'The opposite of isEmpty.',
    [['isNotEmpty($json.email)', true]],
    (_, value) => !isEmptyValue(value),
  ),
  fn('and(...tests)', 'Whether all tests hold.', [['and(true, 1 < 2)', true]], (_, ...tests) => tests.every(Boolean)),
  fn('or(...tests)', 'Whether any test holds.', [['or(false, 1 < 2)', true]], (_, ...tests) => tests.some(Boolean)),
  fn('not(test)', 'Whether the test does not hold.', [['not(1 > 2)', true]], (_, test) => !test),
  fn('isText(value)', 'Whether the value is a text.', [["isText('5')", true]], (_, value) => typeof value === 'string'),
  fn(
    'isNumber(value)',
    'Whether the value is a number; text that looks like one is not.',
    [["isNumber('5')", false]],
    (_, value) => {
      return typeof value === 'number' && Number.isFinite(value);
    },
  ),
  fn(
    'isBoolean(value)',
    'Whether the value is true or false.',
    [['isBoolean(false)', true]],
    (_, value) => typeof value === 'boolean',
  ),
  fn('isList(value)', 'Whether the value is a list.', [['isList([1])', true]], (_, value) => Array.isArray(value)),
  fn('isObject(value)', 'Whether the value is an object with fields.', [['isObject($json)', true]], (_, value) =>
    isPlainObject(value),
  ),
  fn(
    'isDate(value)',
    'Whether the value is a date; text that looks like one is not.',
    [['isDate($now)', true]],
    (_, value) => {
      return value instanceof DateTime || value instanceof Date;
    },
  ),
];
