import type { BinaryExpression, ConditionalExpression, LogicalExpression, UnaryExpression } from 'acorn';
import type { Code, Compilation, Locals } from './compilation.ts';
import { ExpressionError, type Place } from './expression-error.ts';
import {
  type ArithmeticOperator,
  arithmetic,
  arithmeticNumber,
  atMost,
  compute,
  isIn,
  lessThan,
  looselyEqual,
  plus,
  strictlyEqual,
  typeName,
} from './operators.ts';
import type { Run } from './run.ts';

type BinaryOperation = (run: Run, left: unknown, right: unknown) => unknown;

const arithmeticOperators: readonly ArithmeticOperator[] = ['-', '*', '/', '%', '**', '|', '&', '^', '<<', '>>', '>>>'];

/** Numbers take the first way out of each operation, so that ordinary arithmetic stays fast. */
const operations: ReadonlyMap<string, BinaryOperation> = new Map<string, BinaryOperation>([
  ...arithmeticOperators.map((operator): [string, BinaryOperation] => [
    operator,
    (_, left, right) =>
      typeof left === 'number' && typeof right === 'number'
        ? compute(operator, left, right)
        : arithmetic(operator, left, right),
  ]),
  ['+', (run, a, b) => (typeof a === 'number' && typeof b === 'number' ? a + b : plus(run, a, b))],
  ['-', (_, a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : arithmetic('-', a, b))],
  ['*', (_, a, b) => (typeof a === 'number' && typeof b === 'number' ? a * b : arithmetic('*', a, b))],
  ['===', strictlyEqual],
  ['!==', (run, a, b) => !strictlyEqual(run, a, b)],
  ['==', looselyEqual],
  ['!=', (run, a, b) => !looselyEqual(run, a, b)],
  ['<', (run, a, b) => (typeof a === 'number' && typeof b === 'number' ? a < b : lessThan(run, a, b))],
  ['>', (run, a, b) => (typeof a === 'number' && typeof b === 'number' ? a > b : lessThan(run, b, a))],
  ['<=', (run, a, b) => (typeof a === 'number' && typeof b === 'number' ? a <= b : atMost(run, a, b))],
  ['>=', (run, a, b) => (typeof a === 'number' && typeof b === 'number' ? a >= b : atMost(run, b, a))],
  ['in', isIn],
]);

export function compileBinary(node: BinaryExpression, c: Compilation, locals: Locals): Code {
  const operation = operations.get(node.operator);
  if (operation === undefined || node.left.type === 'PrivateIdentifier') {
    return c.problem(
      node,
      'not-allowed',
      `The operator ${node.operator} does not exist here.`,
      node.operator === 'instanceof' ? 'Use isList, isText, isNumber, isObject or isDate.' : 'Use another operator.',
    );
  }
  const left = c.code(node.left, locals);
  const right = c.code(node.right, locals);
  const place = { start: node.start, end: node.end };
  if (node.right.type === 'Literal') {
    const b = node.right.value;
    if (typeof b === 'string' || typeof b === 'number') return withConstant(operation, left, b, place);
  }
  return (run, frame) => {
    const a = left(run, frame);
    const b = right(run, frame);
    try {
      return operation(run, a, b);
    } catch (error) {
      if (error instanceof ExpressionError) error.at(place);
      throw error;
    }
  };
}

function withConstant(operation: BinaryOperation, left: Code, right: string | number, place: Place): Code {
  return (run, frame) => {
    const a = left(run, frame);
    try {
      return operation(run, a, right);
    } catch (error) {
      if (error instanceof ExpressionError) error.at(place);
      throw error;
    }
  };
}

export function compileLogical(node: LogicalExpression, c: Compilation, locals: Locals): Code {
  const left = c.code(node.left, locals);
  const right = c.code(node.right, locals);
  switch (node.operator) {
    case '&&':
      return (run, frame) => {
        const value = left(run, frame);
        return value ? right(run, frame) : value;
      };
    case '||':
      return (run, frame) => {
        const value = left(run, frame);
        return value ? value : right(run, frame);
      };
    case '??':
      return (run, frame) => left(run, frame) ?? right(run, frame);
  }
}

export function compileConditional(node: ConditionalExpression, c: Compilation, locals: Locals): Code {
  const test = c.code(node.test, locals);
  const consequent = c.code(node.consequent, locals);
  const alternate = c.code(node.alternate, locals);
  return (run, frame) => (test(run, frame) ? consequent(run, frame) : alternate(run, frame));
}

export function compileUnary(node: UnaryExpression, c: Compilation, locals: Locals): Code {
  const operand = c.code(node.argument, locals);
  const place = { start: node.start, end: node.end };
  const onNumber =
    (operation: (value: number) => number): Code =>
    (run, frame) => {
      const value = operand(run, frame);
      try {
        const number = arithmeticNumber(value);
        return number === undefined ? undefined : operation(number);
      } catch (error) {
        if (error instanceof ExpressionError) error.at(place);
        throw error;
      }
    };
  switch (node.operator) {
    case '!':
      return (run, frame) => !operand(run, frame);
    case '-':
      return onNumber((value) => -value);
    case '+':
      return onNumber((value) => value);
    case '~':
      return onNumber((value) => ~value);
    case 'typeof':
      return (run, frame) => typeName(operand(run, frame));
    default:
      return c.problem(
        node,
        'not-allowed',
        `'${node.operator}' does not exist here.`,
        'Use omit to leave a field out.',
      );
  }
}
