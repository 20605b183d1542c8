import { type Builtin, category, type FunctionDefinition } from '../definition.ts';
import { ExpressionError } from '../expression-error.ts';
import { toJsonText, toText } from '../leave.ts';
import type { Run } from '../run.ts';
import { spreadInto } from '../spread.ts';
import { isPlainObject, type PlainObject } from '../values.ts';
import { fieldOf, isMissing, lambdaOf, listOf, numberOf, objectOf, textOf, wholeOf } from './arguments.ts';
import { parseJsonText } from './convert-functions.ts';
import { dateOf, parseByFormat } from './date-operations.ts';
import { decodeUrl, encodeUrl } from './encode.ts';
import { mapList, rangeOf } from './list-operations.ts';
import { greatestOf, leastOf } from './number-functions.ts';
import { fromEntries, mergeObjects } from './object-operations.ts';

/** What people bring along from JavaScript and n8n; each group is reached only through its name. */
const { fn } = category('JavaScript names');

function define(signature: string, run: Builtin): [string, FunctionDefinition] {
  const definition = fn(signature, '', [], run);
  return [definition.name, definition];
}

/** What a name does when it is called itself, as in `Number('5')`. */
function callable(signature: string, run: Builtin): [string, FunctionDefinition] {
  return ['()', fn(signature, '', [], run)];
}

const onNumber = (name: string, compute: (value: number) => number): [string, FunctionDefinition] =>
  define(`${name}(number)`, (_, value) => {
    const number = numberOf(value, `Math.${name}`);
    return number === undefined ? undefined : compute(number);
  });

const math = new Map([
  ...(
    [
      'abs',
      'ceil',
      'floor',
      'round',
      'trunc',
      'sign',
      'sqrt',
      'cbrt',
      'exp',
      'log',
      'log2',
      'log10',
      'sin',
      'cos',
      'tan',
      'asin',
      'acos',
      'atan',
    ] as const
  ).map((name) => onNumber(name, Math[name])),
  define('min(...numbers)', (run, ...values) => leastOf(run, values, 'Math.min')),
  define('max(...numbers)', (run, ...values) => greatestOf(run, values, 'Math.max')),
  define(
    'pow(number, exponent)',
    (_, base, exponent) => (numberOf(base, 'Math.pow') ?? Number.NaN) ** (numberOf(exponent, 'Math.pow') ?? Number.NaN),
  ),
]);

const json = new Map([
  define('stringify(value, replacer?, indent?)', (run, value, _, indent) =>
    value === undefined
      ? undefined
      : toJsonText(run, value, Math.min(10, Math.max(0, wholeOf(indent, 'JSON.stringify', 0)))),
  ),
  define('parse(text)', (run, text) =>
    isMissing(text) ? undefined : parseJsonText(run, textOf(run, text, 'JSON.parse')),
  ),
]);

const object = new Map([
  define('keys(object)', (run, value) => mapList(run, Object.keys(fieldsOf(value, 'Object.keys')), (name) => name)),
  define('values(object)', (run, value) =>
    mapList(run, Object.keys(fieldsOf(value, 'Object.values')), (name) =>
      fieldOf(fieldsOf(value, 'Object.values'), String(name)),
    ),
  ),
  define('entries(object)', (run, value) =>
    mapList(run, Object.keys(fieldsOf(value, 'Object.entries')), (name) => [
      name,
      fieldOf(fieldsOf(value, 'Object.entries'), String(name)),
    ]),
  ),
  define('fromEntries(list)', (run, list) =>
    fromEntries(run, listOf(list, 'Object.fromEntries'), 'Object.fromEntries'),
  ),
  define('assign(...objects)', (run, ...objects) =>
    mergeObjects(
      run,
      objects.map((one) => objectOf(one, 'Object.assign')),
    ),
  ),
]);

/** Fields of an object; the positions of a list count as its fields. */
function fieldsOf(value: unknown, who: string): PlainObject {
  return Array.isArray(value) ? { ...value } : objectOf(value, who);
}

const array = new Map([
  define('isArray(value)', (_, value) => Array.isArray(value)),
  define('of(...values)', (_, ...values) => values),
  define('from(value, change?)', (run, value, change) => {
    const list: unknown[] = [];
    if (isPlainObject(value)) {
      const { length } = rangeOf(run, fieldOf(value, 'length'), undefined, undefined);
      for (let i = 0; i < length; i++) list.push(fieldOf(value, String(i)));
    } else spreadInto(run, list, value);
    if (change === undefined) return list;
    const lambda = lambdaOf(change, 'Array.from');
    return mapList(run, list, (item, i) => lambda.call(run, [item, i]));
  }),
]);

/** `Number(...)` as in JavaScript, but with an error in place of NaN. */
function toJsNumber(_: Run, value: unknown): number {
  return isMissing(value) ? 0 : (numberOf(value, 'Number') ?? 0);
}

function parseLeading(run: Run, value: unknown, who: string, pattern: RegExp): number {
  const text = textOf(run, value, who).slice(0, 400).trim();
  const found = pattern.exec(text)?.[0];
  if (found !== undefined) return Number(found);
  throw new ExpressionError(
    'not-a-number',
    `${who} finds no number at the start of '${text.slice(0, 40)}'.`,
    'Use extractNumber to take a number out of a text.',
  );
}

const parseInteger = define('parseInt(text, base?)', (run, value, base) => {
  const radix = wholeOf(base, 'parseInt', 10);
  if (radix === 10 || radix === 0) return parseLeading(run, value, 'parseInt', /^[-+]?\d+/);
  const number = Number.parseInt(textOf(run, value, 'parseInt').slice(0, 400), radix);
  if (!Number.isNaN(number)) return number;
  throw new ExpressionError('not-a-number', 'parseInt finds no number here.', 'Check the text and the base.');
});
const parseDecimal = define('parseFloat(text)', (run, value) =>
  parseLeading(run, value, 'parseFloat', /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/),
);

const number = new Map([
  callable('Number(value)', toJsNumber),
  define('isInteger(value)', (_, value) => Number.isInteger(value)),
  define('isFinite(value)', (_, value) => Number.isFinite(value)),
  define('isNaN(value)', (_, value) => Number.isNaN(value)),
  define('isSafeInteger(value)', (_, value) => Number.isSafeInteger(value)),
  parseInteger,
  parseDecimal,
]);

const string = new Map([
  callable('String(value?)', toText),
  define('fromCharCode(...codes)', (run, ...codes) => {
    run.allocate(codes.length);
    return codes.map((code) => String.fromCharCode(wholeOf(code, 'String.fromCharCode', 0))).join('');
  }),
]);

const boolean = new Map([callable('Boolean(value?)', (_, value) => Boolean(value))]);

const dates = [
  define('now()', (run) => run.now()),
  define('local()', (run) => run.now()),
  define('fromISO(text, options?)', (run, text) => dateOf(run, text, 'DateTime.fromISO')),
  define('fromSQL(text)', (run, text) => dateOf(run, text, 'DateTime.fromSQL')),
  define('fromRFC2822(text)', (run, text) => dateOf(run, text, 'DateTime.fromRFC2822')),
  define('fromJSDate(date)', (run, date) => dateOf(run, date, 'DateTime.fromJSDate')),
  define('fromMillis(number)', (run, millis) =>
    dateOf(run, numberOf(millis, 'DateTime.fromMillis'), 'DateTime.fromMillis'),
  ),
  define('fromSeconds(number)', (run, seconds) =>
    dateOf(run, (numberOf(seconds, 'DateTime.fromSeconds') ?? Number.NaN) * 1000, 'DateTime.fromSeconds'),
  ),
  define('fromFormat(text, format)', (run, text, format) =>
    parseByFormat(run, textOf(run, text, 'DateTime.fromFormat'), textOf(run, format, 'DateTime.fromFormat')),
  ),
];

const date = new Map([
  define('now()', (run) => run.scope.now),
  define('parse(text)', (run, text) => dateOf(run, text, 'Date.parse')?.toMillis()),
]);

export const namespaces: ReadonlyMap<string, ReadonlyMap<string, FunctionDefinition>> = new Map([
  ['Math', math],
  ['JSON', json],
  ['Object', object],
  ['Array', array],
  ['Number', number],
  ['String', string],
  ['Boolean', boolean],
  ['DateTime', new Map(dates)],
  ['Date', date],
  ['parseInt', new Map([['()', parseInteger[1]]])],
  ['parseFloat', new Map([['()', parseDecimal[1]]])],
  [
    'encodeURIComponent',
    new Map([
      callable('encodeURIComponent(text)', (run, text) => encodeUrl(run, textOf(run, text, 'encodeURIComponent'))),
    ]),
  ],
  [
    'decodeURIComponent',
    new Map([
      callable('decodeURIComponent(text)', (run, text) =>
        decodeUrl(run, textOf(run, text, 'decodeURIComponent').replaceAll('+', '%2B')),
      ),
    ]),
  ],
]);

export const constants: ReadonlyMap<string, number> = new Map([
  ['Math.PI', Math.PI],
  ['Math.E', Math.E],
  ['Number.MAX_SAFE_INTEGER', Number.MAX_SAFE_INTEGER],
  ['Number.MIN_SAFE_INTEGER', Number.MIN_SAFE_INTEGER],
  ['Number.EPSILON', Number.EPSILON],
]);
