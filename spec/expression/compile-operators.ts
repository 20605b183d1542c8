import type { BinaryExpression, ConditionalExpression, LogicalExpression, UnaryExpression } from 'acorn';
import type { Code, Compilation, Locals } from './compilation.ts';
import { ExpressionError, type Place } from './expression-error.ts';
import { betweenCodes, type Operation, withNumber, withText } from './operator-shortcuts.ts';
import {
  type ArithmeticOperator,
  arithmetic,
  arithmeticNumber,
  atMost,
  isIn,
  lessThan,
  looselyEqual,
  plus,
  shortText,
  strictlyEqual,
  typeName,
} from './operators.ts';

const arithmeticOperators: readonly ArithmeticOperator[] = ['-', '*', '/', '%', '**', '|', '&', '^', '<<', '>>', '>>>'];

/** The whole meaning of each operator; what goes faster for some types gives the same. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ...arithmeticOperators.map((operator): [string, Operation] => [
    operator,
    (_, left, right) => arithmetic(operator, left, right),
  ]),
  ['+', plus],
  ['===', strictlyEqual],
  ['!==', (run, a, b) => !strictlyEqual(run, a, b)],
  ['==', looselyEqual],
  ['!=', (run, a, b) => !looselyEqual(run, a, b)],
  ['<', lessThan],
  ['>', (run, a, b) => lessThan(run, b, a)],
  ['<=', atMost],
  ['>=', (run, a, b) => atMost(run, b, a)],
  ['in', isIn],
]);

export function compileBinary(node: BinaryExpression, c: Compilation, locals: Locals): Code {
  const { operator } = node;
  const operation = operations.get(operator);
  if (operation === undefined || node.left.type === 'PrivateIdentifier') {
    return c.problem(
      node,
      'not-allowed',
      `The operator ${operator} does not exist here.`,
      operator === 'instanceof' ? 'Use isList, isText, isNumber, isObject or isDate.' : 'Use another operator.',
    );
  }
  const left = c.code(node.left, locals);
  const right = c.code(node.right, locals);
  const otherwise = locatedOperation(operation, { start: node.start, end: node.end });
  const constant = node.right.type === 'Literal' ? node.right.value : undefined;
  if (typeof constant === 'number') {
    const quick = withNumber.get(operator);
    if (quick) return quick(left, constant, otherwise);
  }
  if (typeof constant === 'string' && constant.length <= shortText) {
    const quick = withText.get(operator);
    if (quick) return quick(left, constant, otherwise);
  }
  const quick = betweenCodes.get(operator);
  return quick ? quick(left, right, otherwise) : (run, frame) => otherwise(run, left(run, frame), right(run, frame));
}

function locatedOperation(operation: Operation, place: Place): Operation {
  return (run, left, right) => {
    try {
      return operation(run, left, right);
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
