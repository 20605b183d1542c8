import type { MethodSet } from './access.ts';
import { areTexts, type Batch, listOf, type Operand, type Part, Same, type Values } from './column-values.ts';
import { dated, methodOf } from './compile-calls.ts';
import type { Builtin, MethodDefinition } from './definition.ts';
import type { Run } from './run.ts';

/** More are not worth a loop. */
export const mostArguments = 4;

/** A function of the library for all rows; of arguments that are the same for all, once. */
export function rowsCall(fn: Builtin, args: readonly Part[]): (batch: Batch) => Values {
  return (batch) => {
    const values = args.map((arg) => arg.values(batch));
    const { run, count } = batch;
    if (values.every((value) => value instanceof Same)) return new Same(fn(run, ...values.map(({ value }) => value)));
    return callRows(run, count, fn, values.map(listOf));
  };
}

function callRows(run: Run, count: number, fn: Builtin, args: readonly List[]): readonly unknown[] {
  const made = new Array<unknown>(count);
  const [a = nothing, b = nothing] = args;
  if (args.length === 1) {
    for (let i = 0; i < count; i++) made[i] = fn(run, a.list[i]);
  } else if (args.length === 2) {
    for (let i = 0, m = 0, n = 0; i < count; i++, m += a.step, n += b.step) made[i] = fn(run, a.list[m], b.list[n]);
  } else for (let i = 0; i < count; i++) made[i] = fn(run, ...args.map(({ list, step }) => list[i * step]));
  return made;
}

type List = Operand<readonly unknown[]>;

const nothing: List = { list: [], step: 0 };

/** A method for all rows, found for each by the type of its value. */
export function rowsMethod(
  set: MethodSet,
  name: string,
  object: Part,
  args: readonly Part[],
): (batch: Batch) => Values {
  const call: Builtin = (run, self, ...given) => methodOf(run, set, name, self)?.run(run, dated(run, self), ...given);
  const quick = args.length === 0 ? undefined : textMethods.get(name);
  return (batch) => {
    const self = object.values(batch);
    const given = args.map((arg) => arg.values(batch));
    const { run, count } = batch;
    if (self instanceof Same && given.every((value) => value instanceof Same)) {
      return new Same(call(run, self.value, ...given.map(({ value }) => value)));
    }
    const ofAll = methodOfAll(set, self);
    if (quick && ofAll === set.text) {
      const [from, to] = given.map((value) => (value instanceof Same ? value.value : Number.NaN));
      if (isPosition(from) && (to === undefined || isPosition(to))) return quick(self as readonly string[], from, to);
    }
    return callRows(run, count, ofAll?.run ?? call, [self, ...given].map(listOf));
  };
}

/** The method of all the values, where all are of one type. */
function methodOfAll(set: MethodSet, self: Values): MethodDefinition | undefined {
  if (self instanceof Float64Array) return set.number;
  return Array.isArray(self) && areTexts(self) ? set.text : undefined;
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value);
}

/** Methods of texts that charge nothing, given positions that are the same for all rows. */
const textMethods: ReadonlyMap<
  string,
  (texts: readonly string[], from: number, to: number | undefined) => readonly string[]
> = new Map([
  [
    'slice',
    (texts: readonly string[], from: number, to: number | undefined) => {
      const made = new Array<string>(texts.length);
      for (let i = 0; i < texts.length; i++) made[i] = (texts[i] as string).slice(from, to);
      return made;
    },
  ],
  [
    'substring',
    (texts: readonly string[], from: number, to: number | undefined) => {
      const made = new Array<string>(texts.length);
      for (let i = 0; i < texts.length; i++) made[i] = (texts[i] as string).substring(from, to);
      return made;
    },
  ],
]);
