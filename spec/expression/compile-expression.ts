import type { AnyNode, ArrayExpression, Literal, MemberExpression, ObjectExpression, TemplateLiteral } from 'acorn';
import { readComputed, readProperty } from './access.ts';
import type { Code, Compilation, Locals } from './compilation.ts';
import { compileCall, compileNew, located, namespaceMember, placeOf, unwrap } from './compile-calls.ts';
import { compileArrow } from './compile-functions.ts';
import { compileIdentifier, functionValue } from './compile-names.ts';
import { compileBinary, compileConditional, compileLogical, compileUnary } from './compile-operators.ts';
import { ExpressionError, type Place } from './expression-error.ts';
import { placeFor } from './field-places.ts';
import { setField, toText } from './leave.ts';
import { constants, methods } from './library.ts';
import { fieldName, join } from './operators.ts';
import { Pattern } from './pattern.ts';
import { readRecordJson } from './record-json.ts';
import { spreadFields, spreadInto } from './spread.ts';
import { hasPlainPrototype, isInherited, type PlainObject } from './values.ts';

/** Compiles one node of the allow-list; whatever is not named here does not exist in the language. */
export function compileNode(node: AnyNode, c: Compilation, locals: Locals): Code {
  switch (node.type) {
    case 'Literal':
      return compileLiteral(node, c);
    case 'Identifier':
      return compileIdentifier(node, c, locals);
    case 'TemplateLiteral':
      return compileTemplateLiteral(node, c, locals);
    case 'MemberExpression':
      return compileMember(node, c, locals);
    case 'CallExpression':
      return compileCall(node, c, locals);
    case 'NewExpression':
      return compileNew(node, c, locals);
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return c.code(node.expression, locals);
    case 'BinaryExpression':
      return compileBinary(node, c, locals);
    case 'LogicalExpression':
      return compileLogical(node, c, locals);
    case 'ConditionalExpression':
      return compileConditional(node, c, locals);
    case 'UnaryExpression':
      return compileUnary(node, c, locals);
    case 'ArrayExpression':
      return compileList(node, c, locals);
    case 'ObjectExpression':
      return compileObject(node, c, locals);
    case 'ArrowFunctionExpression':
      return compileArrow(node, c, locals);
    default:
      return refuse(node, c);
  }
}

const refusals: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  AssignmentExpression: ['Values cannot be changed with =.', 'To compare two values, write == instead.'],
  UpdateExpression: ['Values cannot be changed with ++ or --.', 'Write + 1 or - 1.'],
  SequenceExpression: ['Only one value can be given.', 'Remove the comma, or put the values in a list: [a, b].'],
  ThisExpression: ["'this' does not exist here.", 'Use $json for the record at hand.'],
  FunctionExpression: ["'function' does not exist here.", 'Use an arrow function such as x => x * 2.'],
  ClassExpression: ['Classes do not exist here.', 'Use an object: { name: value }.'],
  TaggedTemplateExpression: ['Texts in backticks cannot follow a name.', 'Put an operator or a comma between them.'],
  AwaitExpression: ["'await' does not exist here.", 'Remove await.'],
  YieldExpression: ["'yield' does not exist here.", 'Remove yield.'],
  ImportExpression: ["'import' does not exist here.", 'Use the functions of the function list.'],
  MetaProperty: ["'import.meta' and 'new.target' do not exist here.", 'Use $workflow or $run.'],
};

function refuse(node: AnyNode, c: Compilation): Code {
  const [message, remedy] = refusals[node.type] ?? [
    'This way of writing does not exist here.',
    'Use values, operators and the functions of the function list.',
  ];
  return c.problem(node, 'not-allowed', message, remedy);
}

function compileLiteral(node: Literal, c: Compilation): Code {
  if (typeof node.bigint === 'string') {
    return c.problem(
      node,
      'not-allowed',
      'Numbers that end with n do not exist here.',
      'Remove the n; write very large numbers as text.',
    );
  }
  if (node.regex) {
    try {
      const pattern = new Pattern(node.regex.pattern, node.regex.flags);
      return () => pattern;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return c.problem(node, error.code, error.message, error.remedy);
    }
  }
  const { value } = node;
  return () => value;
}

function compileTemplateLiteral(node: TemplateLiteral, c: Compilation, locals: Locals): Code {
  const texts = node.quasis.map((quasi) => quasi.value.cooked ?? '');
  const codes = node.expressions.map((expression) => c.code(expression, locals));
  return (run, frame) => {
    let text = texts[0] ?? '';
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] as Code;
      text = join(run, join(run, text, toText(run, code(run, frame))), texts[i + 1] ?? '');
    }
    return text;
  };
}

function compileMember(node: MemberExpression, c: Compilation, locals: Locals): Code {
  const { object, property } = node;
  if (object.type === 'Super') return c.problem(node, 'not-allowed', "'super' does not exist here.", 'Use $json.');
  const name = staticName(node);
  const root = unwrap(object);
  if (root.type === 'Identifier' && name !== undefined && locals.find(root.name) === undefined) {
    const constant = constants.get(`${root.name}.${name}`);
    if (constant !== undefined) return () => constant;
    const member = namespaceMember(node, c, locals);
    if (member) {
      const value = functionValue(member.definition);
      return () => value;
    }
    if (root.name === '$json') return compileRecordField(name, c);
    if (root.name === '$vars') c.reads.vars.add(name);
  }
  const code = c.code(object, locals);
  if (name === 'json' && mayBeRecord(root, locals)) {
    return (run, frame) => readRecordJson(code(run, frame));
  }
  if (name !== undefined) return compileField(code, name, placeOf(node));
  if (property.type === 'PrivateIdentifier') {
    return c.problem(node, 'not-allowed', 'Private names do not exist here.', 'Remove the #.');
  }
  const key = c.code(property, locals);
  return located(compileComputed(code, key), placeOf(node));
}

/** The name after the dot, or the text literal between square brackets. */
export function staticName(node: MemberExpression): string | undefined {
  const { property } = node;
  if (!node.computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** `$json.name`, by far the most frequent of all expressions, in one step. */
function compileRecordField(name: string, c: Compilation): Code {
  c.reads.json = true;
  c.reads.fields.add(name);
  const otherwise: Code = (run) => readProperty(run, run.scope.json, name, methods);
  return isInherited(name) ? otherwise : placeFor(name).read(name, otherwise);
}

/** The fast way to an own field, for names that no object inherits: what a plain object has under such a name is its own. */
function compileField(object: Code, name: string, place: Place): Code {
  const read = located((run, value) => readProperty(run, value, name, methods), place);
  if (isInherited(name)) return (run, frame) => read(run, object(run, frame));
  if (name === 'length') {
    return (run, frame) => {
      const value = object(run, frame);
      if (typeof value === 'string') return value.length;
      return Array.isArray(value) ? value.length : read(run, value);
    };
  }
  return (run, frame) => {
    const value = object(run, frame);
    if (!hasPlainPrototype(value)) return value === undefined || value === null ? undefined : read(run, value);
    const field = value[name];
    return typeof field === 'function' ? undefined : field;
  };
}

/** `object[key]`; an entry within a list is read without further ado. */
function compileComputed(object: Code, key: Code): Code {
  return (run, frame) => {
    const value = object(run, frame);
    const at = key(run, frame);
    if (typeof at === 'number' && Array.isArray(value) && at >>> 0 === at && at < value.length) {
      const found: unknown = value[at];
      return typeof found === 'function' ? undefined : found;
    }
    return readComputed(run, value, at, methods);
  };
}

/** Whether the node stands for a record of a step: `.item`, `.first()`, `.all()[0]`, or a function's parameter. */
function mayBeRecord(node: AnyNode, locals: Locals): boolean {
  if (node.type === 'Identifier') return locals.find(node.name) !== undefined;
  if (node.type === 'CallExpression') return rootIsStep(node.callee);
  if (node.type !== 'MemberExpression') return false;
  const isItem = !node.computed && node.property.type === 'Identifier' && node.property.name === 'item';
  return (node.computed || isItem) && rootIsStep(node.object);
}

function rootIsStep(node: AnyNode): boolean {
  let at = unwrap(node);
  for (;;) {
    if (at.type === 'Identifier') return at.name === '$input' || at.name === '$';
    if (at.type === 'MemberExpression') at = unwrap(at.object);
    else if (at.type === 'CallExpression') at = unwrap(at.callee);
    else return false;
  }
}

function compileList(node: ArrayExpression, c: Compilation, locals: Locals): Code {
  const parts = node.elements.map((element) => {
    if (element === null) return { spread: false, code: () => undefined };
    return element.type === 'SpreadElement'
      ? { spread: true, code: c.code(element.argument, locals) }
      : { spread: false, code: c.code(element, locals) };
  });
  return (run, frame) => {
    run.allocate(parts.length * 8 + 16);
    const list: unknown[] = [];
    for (const { spread, code } of parts) {
      if (spread) spreadInto(run, list, code(run, frame));
      else list.push(code(run, frame));
    }
    return list;
  };
}

function compileObject(node: ObjectExpression, c: Compilation, locals: Locals): Code {
  const parts = node.properties.map((property): ((...args: [...Parameters<Code>, PlainObject]) => void) => {
    if (property.type === 'SpreadElement') {
      const code = c.code(property.argument, locals);
      return (run, frame, target) => spreadFields(run, target, code(run, frame));
    }
    if (property.kind !== 'init' || property.method) {
      c.problem(property, 'not-allowed', 'An object here holds only values.', 'Write name: value.');
      return () => {};
    }
    const value = c.code(property.value, locals);
    const { key } = property;
    if (property.computed) {
      const name = c.code(key, locals);
      return (run, frame, target) => setField(target, fieldName(run, name(run, frame)), value(run, frame));
    }
    const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '__proto__';
    if (name === '__proto__') {
      c.problem(property, 'not-allowed', 'A field cannot be called __proto__.', 'Give the field another name.');
      return () => {};
    }
    return (run, frame, target) => {
      target[name] = value(run, frame);
    };
  });
  return (run, frame) => {
    run.allocate(parts.length * 8 + 32);
    const object: PlainObject = {};
    for (const part of parts) part(run, frame, object);
    return object;
  };
}
