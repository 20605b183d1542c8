import type { AnyNode, CallExpression, Expression, MemberExpression, NewExpression, SpreadElement } from 'acorn';
import { DateTime } from 'luxon';
import { findMethod, type MethodSet } from './access.ts';
import type { Code, Compilation, Frame, Locals } from './compilation.ts';
import { compileStep, noteClock } from './compile-names.ts';
import type { Builtin, FunctionDefinition, MethodDefinition } from './definition.ts';
import { ExpressionError, type Place } from './expression-error.ts';
import { functions, methods, namespaces, newDate } from './library.ts';
import { fieldName } from './operators.ts';
import type { Run } from './run.ts';
import { spreadInto } from './spread.ts';
import { didYouMean } from './suggest.ts';
import { describe, Lambda, Step } from './values.ts';

export function compileCall(node: CallExpression, c: Compilation, locals: Locals): Code {
  const callee = unwrap(node.callee);
  if (callee.type === 'Identifier' && locals.find(callee.name) === undefined) {
    if (callee.name === '$') return compileStep(node, c);
    const definition = functions.get(callee.name) ?? namespaces.get(callee.name)?.get('()');
    if (definition?.run) {
      noteClock(callee.name, c);
      return compileFunctionCall(node, definition, callee.name, c, locals);
    }
  }
  if (callee.type === 'MemberExpression') {
    const member = namespaceMember(callee, c, locals);
    if (member) return compileFunctionCall(node, member.definition, member.label, c, locals);
    return compileMethodCall(node, callee, c, locals);
  }
  if (callee.type === 'Super' || callee.type === ('Import' as string)) {
    return c.problem(node, 'not-allowed', 'This cannot be called.', 'Call a function from the function list.');
  }
  const fn = c.code(callee, locals);
  const args = compileArguments(node.arguments, c, locals);
  const place = placeOf(node);
  return (run, frame) => {
    const value = fn(run, frame);
    if (value instanceof Lambda) return value.call(run, args(run, frame));
    throw new ExpressionError(
      'wrong-type',
      `Only functions can be called, and this is ${describe(value)}.`,
      'Remove the brackets, or name a function before them.',
      place,
    );
  };
}

/** `new Date(...)` is the only construction. */
export function compileNew(node: NewExpression, c: Compilation, locals: Locals): Code {
  const callee = unwrap(node.callee);
  if (callee.type === 'Identifier' && callee.name === 'Date' && locals.find('Date') === undefined) {
    if (node.arguments.length === 0) c.reads.now = true;
    return compileFunctionCall(node, newDate, 'new Date', c, locals);
  }
  const name = callee.type === 'Identifier' ? callee.name : 'this';
  return c.problem(
    node,
    'not-allowed',
    `new ${name} is not possible here.`,
    name === 'Set'
      ? 'Use unique() for the different values of a list.'
      : name === 'RegExp'
        ? 'Write the pattern between slashes, such as /[0-9]+/.'
        : 'Only new Date(...) can be made with new.',
  );
}

interface NamespaceMember {
  readonly definition: FunctionDefinition;
  readonly label: string;
}

/** `Math.round` and its kin, known when the expression is compiled. */
export function namespaceMember(node: MemberExpression, c: Compilation, locals: Locals): NamespaceMember | undefined {
  const { object, property } = node;
  if (object.type !== 'Identifier' || node.computed || property.type !== 'Identifier') return undefined;
  const namespace = namespaces.get(object.name);
  if (namespace === undefined || locals.find(object.name) !== undefined) return undefined;
  const label = `${object.name}.${property.name}`;
  const definition = namespace.get(property.name);
  if (definition) {
    if (property.name === 'now') c.reads.now = true;
    return { definition, label };
  }
  c.problem(
    node,
    'unknown-name',
    `${label} does not exist here.${didYouMean(property.name, namespace.keys())}`,
    `${object.name} offers ${[...namespace.keys()].filter((name) => name !== '()').join(', ')}.`,
  );
  return { definition: { ...newDate, least: 0, most: Number.POSITIVE_INFINITY }, label };
}

function compileFunctionCall(
  node: CallExpression | NewExpression,
  definition: FunctionDefinition,
  label: string,
  c: Compilation,
  locals: Locals,
): Code {
  const spreads = node.arguments.some((argument) => argument.type === 'SpreadElement');
  const count = node.arguments.length;
  if (!spreads && (count < definition.least || count > definition.most)) {
    node.arguments.forEach((argument) => void c.code(argument, locals));
    return c.problem(
      node,
      'wrong-arguments',
      `${label} ${expects(definition)}, but has ${count === 0 ? 'none' : count} here.`,
      `Write ${definition.signature}.`,
    );
  }
  const place = placeOf(node);
  if (definition.lazy && !spreads) {
    return located(definition.lazy(node.arguments.map((argument) => c.code(argument, locals))), place);
  }
  return callWith(definition.run, node.arguments, place, c, locals);
}

function expects(definition: FunctionDefinition): string {
  const { least, most } = definition;
  if (most === Number.POSITIVE_INFINITY) return `needs ${least} or more values`;
  if (least === most) return least === 1 ? 'needs 1 value' : least === 0 ? 'takes no value' : `needs ${least} values`;
  return `needs ${least} to ${most} values`;
}

function callWith(fn: Builtin, nodes: CallExpression['arguments'], place: Place, c: Compilation, locals: Locals): Code {
  if (nodes.length <= 3 && nodes.every((node) => node.type !== 'SpreadElement')) {
    const [first = nothing, second, third] = nodes.map((node) => c.code(node, locals));
    if (second === undefined) return callWithOne(fn, first, place);
    if (third === undefined) return callWithTwo(fn, first, second, place);
    return located((run, frame) => fn(run, first(run, frame), second(run, frame), third(run, frame)), place);
  }
  const args = compileArguments(nodes, c, locals);
  return located((run, frame) => fn(run, ...args(run, frame)), place);
}

const nothing: Code = () => undefined;

function callWithOne(fn: Builtin, argument: Code, place: Place): Code {
  return (run, frame) => {
    const value = argument(run, frame);
    try {
      return fn(run, value);
    } catch (error) {
      throw errorAt(error, place);
    }
  };
}

function callWithTwo(fn: Builtin, first: Code, second: Code, place: Place): Code {
  return (run, frame) => {
    try {
      return fn(run, first(run, frame), second(run, frame));
    } catch (error) {
      throw errorAt(error, place);
    }
  };
}

function compileMethodCall(node: CallExpression, callee: MemberExpression, c: Compilation, locals: Locals): Code {
  const { item } = c.reads;
  const object = c.code(callee.object, locals);
  if (readsWholeStep(callee, locals)) c.reads.item = item;
  const place = placeOf(node);
  if (callee.computed) {
    const key = c.code(callee.property, locals);
    const args = compileArguments(node.arguments, c, locals);
    return located((run, frame) => {
      const self = object(run, frame);
      return invoke(run, self, fieldName(run, key(run, frame)), () => args(run, frame));
    }, place);
  }
  if (callee.property.type !== 'Identifier') {
    return c.problem(node, 'not-allowed', 'Private names do not exist here.', 'Remove the #.');
  }
  const name = callee.property.name;
  const set = methods.get(name);
  if (set === undefined && !stepMethods.has(name)) {
    node.arguments.forEach((argument) => void c.code(argument, locals));
    const known = Object.hasOwn(mutators, name) ? mutators[name] : undefined;
    const remedy = known ?? 'See the list of functions and methods.';
    const guess = known !== undefined ? '' : didYouMean(name, methods.keys());
    return c.problem(callee.property, 'unknown-method', `There is no method called '${name}'.${guess}`, remedy);
  }
  const spreads = node.arguments.some((argument) => argument.type === 'SpreadElement');
  if (spreads || node.arguments.length > 2 || stepMethods.has(name)) {
    const args = compileArguments(node.arguments, c, locals);
    return located((run, frame) => invoke(run, object(run, frame), name, () => args(run, frame)), place);
  }
  const [first, second] = node.arguments.map((argument) => c.code(argument, locals));
  return callMethod(set ?? {}, name, object, first, second, place);
}

/** A method known by its name, with no more than two values. */
function callMethod(
  set: MethodSet,
  name: string,
  object: Code,
  first: Code | undefined,
  second: Code | undefined,
  place: Place,
): Code {
  const find = (run: Run, value: unknown) => methodOf(run, set, name, value);
  if (first === undefined) {
    return (run, frame) => {
      const self = object(run, frame);
      try {
        return find(run, self)?.run(run, dated(run, self));
      } catch (error) {
        throw errorAt(error, place);
      }
    };
  }
  if (second === undefined) {
    return (run, frame) => {
      const self = object(run, frame);
      try {
        return find(run, self)?.run(run, dated(run, self), first(run, frame));
      } catch (error) {
        throw errorAt(error, place);
      }
    };
  }
  return (run, frame) => {
    const self = object(run, frame);
    try {
      return find(run, self)?.run(run, dated(run, self), first(run, frame), second(run, frame));
    } catch (error) {
      throw errorAt(error, place);
    }
  };
}

/** Undefined where the value is missing; texts and lists, which have most methods, find theirs at once. */
export function methodOf(run: Run, set: MethodSet, name: string, self: unknown): MethodDefinition | undefined {
  if (typeof self === 'string' && set.text !== undefined) return set.text;
  if (Array.isArray(self) && set.list !== undefined) return set.list;
  return findMethod(set, dated(run, self), name, methods);
}

/** A host's `Date` is a date of the workflow's zone. */
export function dated(run: Run, value: unknown): unknown {
  if (typeof value !== 'object' || !(value instanceof Date)) return value;
  return DateTime.fromJSDate(value, { zone: run.scope.zone });
}

/** Calls a method by a name that is known only now, or of a step. */
function invoke(run: Run, object: unknown, name: string, args: () => unknown[]): unknown {
  const self = dated(run, object);
  if (self instanceof Step) return stepMethod(self, name);
  const method = findMethod(methods.get(name), self, name, methods);
  return method?.run(run, self, ...args());
}

const stepMethods = new Set(['first', 'last', 'all']);

/** `$input.all()`, `$('step').first()`: the same whatever record is at hand. */
function readsWholeStep({ object, property, computed }: MemberExpression, locals: Locals): boolean {
  if (computed || property.type !== 'Identifier' || !stepMethods.has(property.name)) return false;
  const step = unwrap(object);
  if (step.type === 'Identifier') return step.name === '$input';
  const callee = step.type === 'CallExpression' ? unwrap(step.callee) : undefined;
  return callee?.type === 'Identifier' && callee.name === '$' && locals.find('$') === undefined;
}

function stepMethod(step: Step, name: string): unknown {
  switch (name) {
    case 'first':
      return step.view.first();
    case 'last':
      return step.view.last();
    case 'all':
      return step.view.all();
    default:
      throw new ExpressionError(
        'unknown-method',
        `A step has no '${name}'.${didYouMean(name, stepMethods)}`,
        `Use ${step.label}.item, .first(), .last() or .all().`,
      );
  }
}

/** What changes a value in place elsewhere has a counterpart here that gives a new value. */
const mutators: Readonly<Record<string, string>> = {
  length: 'Write length without brackets.',
  push: 'Values are never changed in place. Use [...list, value] or list.append(value).',
  unshift: 'Values are never changed in place. Use [value, ...list].',
  pop: 'Values are never changed in place. Use list.last(), or list.slice(0, -1).',
  shift: 'Values are never changed in place. Use list.first(), or list.slice(1).',
  splice: 'Values are never changed in place. Use slice and [...].',
  forEach: 'Use map to make a new list from each entry.',
  hasOwnProperty: "Write 'name' in $json to ask whether a field is there.",
  toDate: 'Use toDateTime().',
  itemMatching: 'Use .item for the record that the present one came from, or .all()[0] with a number.',
  call: 'Call the function by its name.',
  apply: 'Call the function by its name, with ... before a list of values.',
  bind: 'Use an arrow function such as x => round(x, 2).',
};

/** Arguments as a fresh list that the callee may keep. */
function compileArguments(
  nodes: readonly (Expression | SpreadElement)[],
  c: Compilation,
  locals: Locals,
): (run: Run, frame: Frame) => unknown[] {
  const parts = nodes.map((node) =>
    node.type === 'SpreadElement'
      ? { spread: true, code: c.code(node.argument, locals) }
      : { spread: false, code: c.code(node, locals) },
  );
  return (run, frame) => {
    const args: unknown[] = [];
    for (const { spread, code } of parts) {
      if (spread) spreadInto(run, args, code(run, frame));
      else args.push(code(run, frame));
    }
    if (args.length > mostArguments) {
      throw new ExpressionError(
        'too-big',
        'A function cannot take that many values.',
        'Give the list itself, without the three dots.',
      );
    }
    return args;
  };
}

const mostArguments = 10_000;

/** Errors get this place unless they have a closer one. */
export function located<T>(act: (run: Run, given: T) => unknown, place: Place): (run: Run, given: T) => unknown {
  return (run, given) => {
    try {
      return act(run, given);
    } catch (error) {
      throw errorAt(error, place);
    }
  };
}

function errorAt(error: unknown, place: Place): unknown {
  return error instanceof ExpressionError ? error.at(place) : error;
}

export function placeOf(node: AnyNode): Place {
  return { start: node.start, end: node.end };
}

/** The node inside of brackets and optional chains, neither of which changes anything here. */
export function unwrap(node: AnyNode): AnyNode {
  let inner = node;
  while (inner.type === 'ParenthesizedExpression' || inner.type === 'ChainExpression') inner = inner.expression;
  return inner;
}
