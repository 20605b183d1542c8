import type { ArrowFunctionExpression, Property, Statement, Pattern as Target } from 'acorn';
import { readComputed, readProperty } from './access.ts';
import { type Code, type Compilation, type Frame, Locals } from './compilation.ts';
import { ExpressionError } from './expression-error.ts';
import { setField } from './leave.ts';
import { methods } from './library.ts';
import { fieldName } from './operators.ts';
import { readRecordJson } from './record-json.ts';
import type { Run } from './run.ts';
import { spreadInto } from './spread.ts';
import { describe, type FunctionBody, isPlainObject, Lambda, type PlainObject } from './values.ts';

/** Stack frames that a built-in takes around each call of a function it was given. */
const framesAround = 8;

/** Puts a value into local slots. */
type Bind = (run: Run, frame: Frame, value: unknown) => void;

const nothing: Bind = () => {};

export function compileArrow(node: ArrowFunctionExpression, c: Compilation, outer: Locals): Code {
  if (node.async) return c.problem(node, 'not-allowed', 'async functions do not exist here.', 'Remove async.');
  const nodesBefore = c.nodes;
  const deepestBefore = c.deepest;
  c.deepest = c.depth;
  const locals = new Locals(outer);
  const slots = node.params.map(() => locals.reserve());
  const binds = node.params.map((param, i) => compileParameter(param, slots[i] ?? 0, c, locals));
  const body =
    node.body.type === 'BlockStatement' ? compileBlock(node.body.body, c, locals) : c.code(node.body, locals);
  const cost = c.nodes - nodesBefore + 1;
  const frames = c.deepest - c.depth + framesAround;
  c.deepest = Math.max(c.deepest, deepestBefore);
  const bindings = binds.filter((bind) => bind !== undefined).reverse();
  if (bindings.length === 0 && node.body.type !== 'BlockStatement') {
    return lambdas({ body: (run, values, parent) => body(run, { values, parent }), cost, frames });
  }
  return lambdas({
    body: (run, values, parent) => {
      const frame: Frame = { values, parent };
      for (const bind of bindings) bind(run, frame);
      const result = body(run, frame);
      return result === unfinished ? undefined : result;
    },
    cost,
    frames,
  });
}

function lambdas(definition: FunctionBody): Code {
  return (_, parent) => new Lambda(definition, parent);
}

/**
 * Arguments lie in the slots of their parameters already; only what is more than a plain name needs work. A rest
 * parameter, which is the last, is bound first, before locals take the slots of its entries.
 */
function compileParameter(
  param: Target,
  slot: number,
  c: Compilation,
  locals: Locals,
): ((run: Run, frame: Frame) => void) | undefined {
  if (param.type === 'Identifier') {
    locals.name(param.name, slot);
    return undefined;
  }
  if (param.type === 'RestElement') {
    const bind = compileTarget(param.argument, c, locals, false);
    return (run, frame) => {
      const rest = frame.values.slice(slot);
      run.allocate(rest.length * 8);
      bind(run, frame, rest);
    };
  }
  const bind = compileTarget(param, c, locals, true);
  return (run, frame) => bind(run, frame, frame.values[slot]);
}

/** @param isRecord whether the value may be a record, whose `json` is the record itself. */
function compileTarget(target: Target, c: Compilation, locals: Locals, isRecord: boolean): Bind {
  switch (target.type) {
    case 'Identifier': {
      const slot = locals.declare(target.name);
      if (slot === undefined) {
        c.problem(target, 'syntax', `'${target.name}' is declared twice.`, 'Choose another name.');
        return nothing;
      }
      return (_, frame, value) => {
        frame.values[slot] = value;
      };
    }
    case 'AssignmentPattern': {
      const fallback = c.code(target.right, locals);
      const bind = compileTarget(target.left, c, locals, isRecord);
      return (run, frame, value) => bind(run, frame, value === undefined ? fallback(run, frame) : value);
    }
    case 'ArrayPattern':
      return compileListTarget(target.elements, c, locals);
    case 'ObjectPattern':
      return compileObjectTarget(target.properties, c, locals, isRecord);
    default:
      c.problem(target, 'not-allowed', 'Values cannot be assigned here.', 'Give the value a name instead.');
      return nothing;
  }
}

function compileListTarget(elements: readonly (Target | null)[], c: Compilation, locals: Locals): Bind {
  const binds = elements.map((element) => {
    if (element === null) return { rest: false, bind: nothing };
    return element.type === 'RestElement'
      ? { rest: true, bind: compileTarget(element.argument, c, locals, false) }
      : { rest: false, bind: compileTarget(element, c, locals, false) };
  });
  return (run, frame, value) => {
    const list: unknown[] = [];
    spreadInto(run, list, value);
    binds.forEach(({ rest, bind }, i) => {
      bind(run, frame, rest ? list.slice(i) : list[i]);
    });
  };
}

function compileObjectTarget(
  properties: readonly (Property | Extract<Target, { type: 'RestElement' }> | object)[],
  c: Compilation,
  locals: Locals,
  isRecord: boolean,
): Bind {
  const taken: Code[] = [];
  const binds = (properties as readonly (ObjectTargetProperty | Extract<Target, { type: 'RestElement' }>)[]).map(
    (property): Bind => {
      if (property.type === 'RestElement') {
        const bind = compileTarget(property.argument, c, locals, false);
        const names = [...taken];
        return (run, frame, value) => bind(run, frame, otherFields(run, frame, value, names));
      }
      const { key } = property;
      if (!property.computed && key.type === 'Identifier') {
        const { name } = key;
        taken.push(() => name);
        const bind = compileTarget(property.value, c, locals, isRecord && name === 'json');
        if (isRecord && name === 'json') return (run, frame, value) => bind(run, frame, readRecordJson(value));
        return (run, frame, value) => bind(run, frame, readProperty(run, value, name, methods));
      }
      const name = c.code(key, locals);
      taken.push(name);
      const bind = compileTarget(property.value, c, locals, false);
      return (run, frame, value) => bind(run, frame, readComputed(run, value, name(run, frame), methods));
    },
  );
  return (run, frame, value) => {
    for (const bind of binds) bind(run, frame, value);
  };
}

type ObjectTargetProperty = Extract<Target, { type: 'ObjectPattern' }>['properties'][number] & { type: 'Property' };

function otherFields(run: Run, frame: Frame, value: unknown, taken: readonly Code[]): PlainObject {
  if (value === null || value === undefined) return {};
  if (!isPlainObject(value)) {
    throw new ExpressionError(
      'wrong-type',
      `Only an object has fields to take, not ${describe(value)}.`,
      'Use it on an object such as $json.',
    );
  }
  const skip = new Set(taken.map((name) => fieldName(run, name(run, frame))));
  const names = Object.keys(value);
  run.allocate(names.length * 8);
  const rest: PlainObject = {};
  for (const name of names) if (!skip.has(name)) setField(rest, name, value[name]);
  return rest;
}

/** What statements give that have not returned. */
const unfinished = Symbol('unfinished');

/** `{ const a = ...; if (...) return ...; return ...; }` */
function compileBlock(statements: readonly Statement[], c: Compilation, locals: Locals): Code {
  const codes = statements.map((statement) => compileStatement(statement, c, locals));
  return (run, frame) => {
    for (const code of codes) {
      const result = code(run, frame);
      if (result !== unfinished) return result;
    }
    return unfinished;
  };
}

function compileStatement(node: Statement, c: Compilation, locals: Locals): Code {
  switch (node.type) {
    case 'ReturnStatement':
      return node.argument ? c.code(node.argument, locals) : () => undefined;
    case 'BlockStatement':
      return compileBlock(node.body, c, locals.block());
    case 'EmptyStatement':
      return () => unfinished;
    case 'IfStatement': {
      const test = c.code(node.test, locals);
      const consequent = compileStatement(node.consequent, c, locals.block());
      const alternate = node.alternate ? compileStatement(node.alternate, c, locals.block()) : () => unfinished;
      return (run, frame) => (test(run, frame) ? consequent(run, frame) : alternate(run, frame));
    }
    case 'VariableDeclaration': {
      const binds = node.declarations.map(({ id, init }) => {
        // Declared before its value is compiled, so that a function can call itself.
        const bind = compileTarget(id, c, locals, false);
        const code: Code = init ? c.code(init, locals) : () => undefined;
        return (run: Run, frame: Frame) => bind(run, frame, code(run, frame));
      });
      if (node.kind !== 'const' && node.kind !== 'let') {
        return c.problem(node, 'not-allowed', `${node.kind} does not exist here.`, 'Use const.');
      }
      return (run, frame) => {
        for (const bind of binds) bind(run, frame);
        return unfinished;
      };
    }
    default:
      return c.problem(
        node,
        'not-allowed',
        'A function may hold only const, if and return.',
        'Use map, filter or reduce in place of a loop, and $if in place of a change.',
      );
  }
}
