import type {
  AnyNode,
  BinaryExpression,
  CallExpression,
  Literal,
  MemberExpression,
  NewExpression,
  TemplateLiteral,
  UnaryExpression,
} from 'acorn';
import type { Column, Columns } from '../workflow/columns.ts';
import { readProperty } from './access.ts';
import { mostArguments, rowsCall, rowsMethod } from './column-calls.ts';
import { each, rowsOperation, rowsUnary, testEach } from './column-operators.ts';
import { type Append, joinRows } from './column-texts.ts';
import { type Batch, booleansOf, branched, type Part, type Reach, Same, type Values } from './column-values.ts';
import { unwrap } from './compile-calls.ts';
import { staticName } from './compile-expression.ts';
import { operations } from './compile-operators.ts';
import type { FunctionDefinition } from './definition.ts';
import { settled } from './field-places.ts';
import { isEmptyValue } from './library/logic-functions.ts';
import { constants, functions, methods, namespaces, newDate } from './library.ts';
import { join, joined } from './operators.ts';
import type { TemplatePart } from './parse.ts';
import { Pattern } from './pattern.ts';
import type { Scope } from './scope.ts';

/** A batch of records as a template sees it. */
export interface Rows {
  readonly count: number;
  /** For what is the same for all rows. */
  readonly scope: Scope;
  /** The records; absent where the `$json` and `$itemIndex` of `scope` are those of all rows. */
  readonly json: Columns | undefined;
  /** `$itemIndex` of the first of the records, counting up. */
  readonly firstItem: number;
  /** `$index` of the first row, counting up; undefined where it is that of `scope`. */
  readonly firstIndex: number | undefined;
}

/**
 * What a template gives for all rows, as plain data, `empty` in the place of undefined: exactly what it gives record by record, all rows
 * charging the budgets of one evaluation. It throws, or gives undefined, where that cannot be told like this; then it must be worked
 * out record by record, which also finds the record that is at fault.
 */
export type ColumnCode = (batch: Batch, empty: undefined | null) => Column | undefined;

/** Undefined where a part of the template is only for single records. @param parts of a template without problems. */
export function columnCodeOf(parts: readonly TemplatePart[]): ColumnCode | undefined {
  const part = partOfTemplate(parts);
  return part && ((batch, empty) => columnOf(batch, part.values(batch), empty));
}

function columnOf({ run, count }: Batch, values: Values, empty: undefined | null): Column | undefined {
  if (values instanceof Same) return constantColumn(settled(run, values.value, empty), count);
  if (values instanceof Uint8Array) return booleansOf(values);
  if (values instanceof Float64Array) {
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return undefined;
    return values;
  }
  let made: unknown[] | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'string' || value === null || typeof value === 'boolean') continue;
    const plain = settled(run, value, empty);
    if (plain === undefined) return undefined;
    if (plain === value) continue;
    made ??= [...values];
    made[i] = plain;
  }
  return made ?? values;
}

/** The same plain value for all rows. */
export function constantColumn(value: unknown, count: number): Column | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return new Float64Array(count).fill(value);
  return new Array<unknown>(count).fill(value);
}

function partOfTemplate(parts: readonly TemplatePart[]): Part | undefined {
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'expression') return partOf(first.node);
  const texts = [''];
  const nodes: AnyNode[] = [];
  for (const part of parts) {
    if (part.kind === 'text') texts[nodes.length] += part.text;
    else {
      nodes.push(part.node);
      texts.push('');
    }
  }
  return textPart(texts, nodes, joined);
}

function textPart(texts: readonly string[], nodes: readonly AnyNode[], append: Append): Part | undefined {
  const parts = partsOf(nodes);
  return parts && failing((batch) => joinRows(batch, texts, parts, append));
}

function failing(values: Part['values']): Part {
  return { values, reach: 'none' };
}

function total(values: Part['values']): Part {
  return { values, reach: 'all' };
}

/** @param own of what is done with the sides. */
function reachOf(sides: readonly Part[], own: Reach): Reach {
  if (own === 'none' || sides.some(({ reach }) => reach === 'none')) return 'none';
  return sides.every(({ reach }) => reach === 'all') ? own : 'attempt';
}

/** Attempts within attempts would add up. */
function reachOfBranches(sides: readonly Part[]): Reach {
  return reachOf(sides, 'all') === 'all' ? 'all' : 'none';
}

function same(value: unknown): Part {
  const values = new Same(value);
  return total(() => values);
}

/** Undefined if one of them is. */
function partsOf(nodes: readonly AnyNode[]): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (const node of nodes) {
    const part = partOf(node);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

function partOf(node: AnyNode): Part | undefined {
  switch (node.type) {
    case 'Literal':
      return literal(node);
    case 'Identifier':
      return Object.hasOwn(variables, node.name) ? variables[node.name] : undefined;
    case 'TemplateLiteral':
      return templateLiteral(node);
    case 'MemberExpression':
      return member(node);
    case 'CallExpression':
      return call(node);
    case 'NewExpression':
      return callOf(newDate, node);
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return partOf(node.expression);
    case 'BinaryExpression':
      return binary(node);
    case 'LogicalExpression':
      return logical(takesRight[node.operator], partsOf([node.left, node.right]));
    case 'ConditionalExpression':
      return conditional(partsOf([node.test, node.consequent, node.alternate]));
    case 'UnaryExpression':
      return unary(node);
    default:
      return undefined;
  }
}

/** What the `$` names give that are the same for all rows, or a number for each. */
const variables: Readonly<Record<string, Part>> = {
  $itemIndex: total((batch) => batch.itemIndex),
  $index: total((batch) => batch.index),
  $now: total(({ run }) => new Same(run.now())),
  $today: total(({ run }) => new Same(run.now().startOf('day'))),
  $run: total(({ run }) => new Same(run.scope.run)),
  $workflow: total(({ run }) => new Same(run.scope.workflow)),
  $vars: total(({ run }) => new Same(run.scope.vars)),
  undefined: same(undefined),
  NaN: same(Number.NaN),
  Infinity: same(Number.POSITIVE_INFINITY),
};

function literal(node: Literal): Part {
  return same(node.regex ? new Pattern(node.regex.pattern, node.regex.flags) : node.value);
}

function templateLiteral(node: TemplateLiteral): Part | undefined {
  const texts = node.quasis.map((quasi) => quasi.value.cooked ?? '');
  return textPart(texts, node.expressions, (run, text, value, behind) => join(run, join(run, text, value), behind));
}

function member(node: MemberExpression): Part | undefined {
  const name = staticName(node);
  if (name === undefined) return undefined;
  const root = unwrap(node.object);
  if (root.type === 'Identifier') {
    const constant = constants.get(`${root.name}.${name}`);
    if (constant !== undefined) return same(constant);
    if (root.name === '$json') return recordField(name);
  }
  const object = partOf(node.object);
  if (object === undefined) return undefined;
  return failing((batch) => each(object.values(batch), (value) => readProperty(batch.run, value, name, methods)));
}

/** Records that lie in columns have no fields but these, inherited ones included. */
function recordField(name: string): Part {
  const missing = new Same(undefined);
  return total(({ run, json }) =>
    json === undefined ? new Same(readProperty(run, run.scope.json, name, methods)) : (json.column(name) ?? missing),
  );
}

function call(node: CallExpression): Part | undefined {
  const callee = unwrap(node.callee);
  if (callee.type === 'Identifier') {
    return callOf(functions.get(callee.name) ?? namespaces.get(callee.name)?.get('()'), node);
  }
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return undefined;
  const { object, property } = callee;
  const namespace = object.type === 'Identifier' ? namespaces.get(object.name) : undefined;
  if (namespace) return callOf(namespace.get(property.name), node);
  const set = methods.get(property.name);
  const self = partOf(object);
  const args = argumentsOf(node);
  return set && self && args && failing(rowsMethod(set, property.name, self, args));
}

function callOf(definition: FunctionDefinition | undefined, node: CallExpression | NewExpression): Part | undefined {
  const args = argumentsOf(node);
  if (definition === undefined || args === undefined) return undefined;
  if (definition.lazy === undefined) {
    return failing(rowsCall(definition.run, args.length === 0 ? [same(undefined)] : args));
  }
  const [first, second, third = same(undefined)] = args;
  if (definition.name === '$if') return conditional(first && second && [first, second, third]);
  const isIfEmpty = definition.name === 'ifEmpty' || definition.name === '$ifEmpty';
  return isIfEmpty ? logical(isEmptyValue, args) : undefined;
}

function argumentsOf(node: CallExpression | NewExpression): readonly Part[] | undefined {
  return node.arguments.length > mostArguments ? undefined : partsOf(node.arguments);
}

function unary(node: UnaryExpression): Part | undefined {
  const operation = rowsUnary(node.operator);
  const operand = partOf(node.argument);
  if (operation === undefined || operand === undefined) return undefined;
  const own = node.operator === '!' || node.operator === 'typeof' ? 'all' : 'attempt';
  return { values: (batch) => operation(operand.values(batch)), reach: reachOf([operand], own) };
}

function binary(node: BinaryExpression): Part | undefined {
  const { operator } = node;
  const operation = operations.get(operator);
  const sides = partsOf([node.left, node.right]);
  if (operation === undefined || sides === undefined) return undefined;
  const [left, right] = sides as [Part, Part];
  const ofRows = rowsOperation(operator, operation);
  return {
    values: (batch) => ofRows(batch, left.values(batch), right.values(batch), left.isFresh === true),
    reach: reachOf(sides, reachOfOperator(node)),
    isFresh: true,
  };
}

function reachOfOperator({ operator, right }: BinaryExpression): Reach {
  if (operator.startsWith('==') || operator.startsWith('!=')) return 'all';
  // A test before a division mostly asks whether it is possible.
  return (operator === '/' || operator === '%') && right.type !== 'Literal' ? 'none' : 'attempt';
}

/** For which values of the left side the right one takes their place. */
const takesRight: Readonly<Record<string, (value: unknown) => boolean>> = {
  '&&': (value) => Boolean(value),
  '||': (value) => !value,
  '??': (value) => value === null || value === undefined,
};

function logical(
  takes: ((value: unknown) => boolean) | undefined,
  sides: readonly Part[] | undefined,
): Part | undefined {
  if (takes === undefined || sides === undefined) return undefined;
  const [left, right] = sides as [Part, Part];
  return {
    values: (batch) => {
      const values = left.values(batch);
      return branched(
        batch,
        testEach(values, takes),
        right,
        total(() => values),
      );
    },
    reach: reachOfBranches(sides),
  };
}

function conditional(sides: readonly Part[] | undefined): Part | undefined {
  if (sides === undefined) return undefined;
  const [test, yes, no] = sides as [Part, Part, Part];
  return {
    values: (batch) => branched(batch, test.values(batch), yes, no),
    reach: reachOfBranches(sides),
  };
}
