import {
  type Batch,
  booleansOf,
  listOf,
  numbersOf,
  type Operand,
  Same,
  truthsOf,
  type Values,
} from './column-values.ts';
import type { Operation } from './operator-shortcuts.ts';
import { arithmeticNumber, divideByZero, shortText, typeName } from './operators.ts';

type Numbers = Operand<Float64Array>;

/**
 * What operators give for numbers alone, row by row. Each is written out, since JavaScript's engines make fast only what is one place in
 * the source.
 */
const arithmeticLoops: ReadonlyMap<string, (a: Numbers, b: Numbers, made: Float64Array) => void> = new Map([
  [
    '+',
    ({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Float64Array) => {
      for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) {
        made[i] = (a[l] as number) + (b[r] as number);
      }
    },
  ],
  [
    '-',
    ({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Float64Array) => {
      for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) {
        made[i] = (a[l] as number) - (b[r] as number);
      }
    },
  ],
  [
    '*',
    ({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Float64Array) => {
      for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) {
        made[i] = (a[l] as number) * (b[r] as number);
      }
    },
  ],
  [
    '/',
    ({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Float64Array) => {
      for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) {
        const divisor = b[r] as number;
        if (divisor === 0) throw divideByZero();
        made[i] = (a[l] as number) / divisor;
      }
    },
  ],
  [
    '%',
    (a: Numbers, b: Numbers, made: Float64Array) => {
      const divisor = b.list[0] as number;
      if (a.step === 1 && b.step === 0 && isWhole(divisor)) wholeRemainders(a.list, divisor, made);
      else remainders(a, b, made);
    },
  ],
]);

function remainders({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Float64Array): void {
  for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) {
    const divisor = b[r] as number;
    if (divisor === 0) throw divideByZero();
    made[i] = (a[l] as number) % divisor;
  }
}

/** Cutting off the quotient of whole numbers gives the same, and is much faster than the engine's call to the C library. */
function wholeRemainders(list: Float64Array, divisor: number, made: Float64Array): void {
  for (let i = 0; i < made.length; i++) {
    const number = list[i] as number;
    made[i] = isWhole(number) ? number - Math.floor(number / divisor) * divisor : number % divisor;
  }
}

/** Whether it is one from 1 up to where no quotient of two is rounded up to the next whole number. */
function isWhole(number: number): boolean {
  return number > 0 && number <= 2 ** 52 && Math.floor(number) === number;
}

const equalNumbers = ({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Uint8Array) => {
  for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) made[i] = a[l] === b[r] ? 1 : 0;
};

const unequalNumbers = ({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Uint8Array) => {
  for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) made[i] = a[l] === b[r] ? 0 : 1;
};

const comparisonLoops: ReadonlyMap<string, (a: Numbers, b: Numbers, made: Uint8Array) => void> = new Map([
  ['===', equalNumbers],
  ['==', equalNumbers],
  ['!==', unequalNumbers],
  ['!=', unequalNumbers],
  [
    '<',
    ({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Uint8Array) => {
      for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) {
        made[i] = (a[l] as number) < (b[r] as number) ? 1 : 0;
      }
    },
  ],
  [
    '>',
    ({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Uint8Array) => {
      for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) {
        made[i] = (a[l] as number) > (b[r] as number) ? 1 : 0;
      }
    },
  ],
  [
    '<=',
    ({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Uint8Array) => {
      for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) {
        made[i] = (a[l] as number) <= (b[r] as number) ? 1 : 0;
      }
    },
  ],
  [
    '>=',
    ({ list: a, step: aStep }: Numbers, { list: b, step: bStep }: Numbers, made: Uint8Array) => {
      for (let i = 0, l = 0, r = 0; i < made.length; i++, l += aStep, r += bStep) {
        made[i] = (a[l] as number) >= (b[r] as number) ? 1 : 0;
      }
    },
  ],
]);

/** An operator for all rows of a batch. It may put what it gives in the place of a spare left side. */
type RowsOperation = (batch: Batch, left: Values, right: Values, isSpare: boolean) => Values;

/** What the operator's `operation` gives for each row. */
export function rowsOperation(operator: string, operation: Operation): RowsOperation {
  const compare = comparisonLoops.get(operator);
  const calculate = arithmeticLoops.get(operator);
  const general = compare || operator === 'in' ? testRows(operation) : operateRows(operation, operator === '+');
  return (batch, left, right, isSpare) => {
    if (left instanceof Same && right instanceof Same) return new Same(operation(batch.run, left.value, right.value));
    const a = (compare || calculate) && numbersOf(left);
    const b = a && numbersOf(right);
    if (!a || !b) return general(batch, left, right, isSpare);
    if (compare) {
      const truths = new Uint8Array(batch.count);
      compare(a, b, truths);
      return truths;
    }
    const numbers = isSpare && left instanceof Float64Array ? left : new Float64Array(batch.count);
    calculate?.(a, b, numbers);
    return numbers;
  };
}

function testRows(operation: Operation): RowsOperation {
  return ({ run, count }, left, right) => {
    const [a, b] = [listOf(left), listOf(right)];
    const truths = new Uint8Array(count);
    for (let i = 0, l = 0, r = 0; i < count; i++, l += a.step, r += b.step) {
      truths[i] = operation(run, a.list[l], b.list[r]) ? 1 : 0;
    }
    return truths;
  };
}

/** @param joins whether texts are joined by the operator. */
function operateRows(operation: Operation, joins: boolean): RowsOperation {
  return ({ run, count }, left, right) => {
    const [a, b] = [listOf(left), listOf(right)];
    const made = new Array<unknown>(count);
    for (let i = 0, l = 0, r = 0; i < count; i++, l += a.step, r += b.step) {
      const one = a.list[l];
      const other = b.list[r];
      made[i] =
        joins && typeof one === 'string' && typeof other === 'string' && one.length + other.length <= shortText
          ? one + other
          : operation(run, one, other);
    }
    return made;
  };
}

const numberOperations: Readonly<Record<string, (value: number) => number>> = {
  '-': (value) => -value,
  '+': (value) => value,
  '~': (value) => ~value,
};

/** Undefined for operators that do not exist. */
export function rowsUnary(operator: string): ((operand: Values) => Values) | undefined {
  if (operator === '!') return not;
  if (operator === 'typeof') return (operand) => each(operand, typeName);
  const onNumber = numberOperations[operator];
  if (onNumber === undefined) return undefined;
  return (operand) => {
    if (operand instanceof Float64Array) return operand.map(onNumber);
    return each(operand, (value) => {
      const number = arithmeticNumber(value);
      return number === undefined ? undefined : onNumber(number);
    });
  };
}

function not(operand: Values): Values {
  if (operand instanceof Same) return new Same(!operand.value);
  const truths = truthsOf(operand);
  const made = new Uint8Array(truths.length);
  for (let i = 0; i < truths.length; i++) made[i] = truths[i] === 1 ? 0 : 1;
  return made;
}

/** Whether a test holds for each value. */
export function testEach(values: Values, test: (value: unknown) => boolean): Same | Uint8Array {
  if (values instanceof Same) return new Same(test(values.value));
  const list = values instanceof Uint8Array ? booleansOf(values) : values;
  const truths = new Uint8Array(list.length);
  for (let i = 0; i < list.length; i++) truths[i] = test(list[i]) ? 1 : 0;
  return truths;
}

/** What a function gives for each value. */
export function each(values: Values, act: (value: unknown) => unknown): Values {
  if (values instanceof Same) return new Same(act(values.value));
  const { list } = listOf(values);
  const made = new Array<unknown>(list.length);
  for (let i = 0; i < list.length; i++) made[i] = act(list[i]);
  return made;
}
