import type { AnyNode, CallExpression, Identifier } from 'acorn';
import type { Code, Compilation, Locals } from './compilation.ts';
import type { FunctionDefinition } from './definition.ts';
import { ExpressionError } from './expression-error.ts';
import { functions, methods, namespaces } from './library.ts';
import type { Run } from './run.ts';
import { didYouMean } from './suggest.ts';
import { Lambda, Step } from './values.ts';

/** The `$` values, each with the reading that it notes. */
const variables: Readonly<Record<string, { code: Code; note?: (reads: Compilation['reads']) => void }>> = {
  $json: {
    code: (run) => run.scope.json,
    note: (reads) => {
      reads.json = true;
      reads.wholeRecord = true;
    },
  },
  $itemIndex: {
    code: (run) => run.scope.itemIndex,
    note: (reads) => {
      reads.itemIndex = true;
    },
  },
  $index: { code: (run) => run.scope.index },
  $input: {
    code: (run) => new Step('$input', run.scope.input),
    note: (reads) => {
      reads.input = true;
      reads.item = true;
    },
  },
  $now: {
    code: (run) => run.now(),
    note: (reads) => {
      reads.now = true;
    },
  },
  $today: {
    code: (run) => run.now().startOf('day'),
    note: (reads) => {
      reads.now = true;
    },
  },
  $run: { code: (run) => run.scope.run },
  $workflow: { code: (run) => run.scope.workflow },
  $vars: { code: (run) => run.scope.vars },
  undefined: { code: () => undefined },
  NaN: { code: () => Number.NaN },
  Infinity: { code: () => Number.POSITIVE_INFINITY },
};

export const variableNames: readonly string[] = Object.keys(variables).filter((name) => name.startsWith('$'));

/** Remedies for names that people bring along from elsewhere. */
const foreign: Readonly<Record<string, string>> = {
  $node: "Use $('name') instead.",
  $items: "Use $('name').all() instead.",
  $item: 'Use $json, or $input.item.',
  $env: 'Settings of the server cannot be read; put the value into a workflow variable and use $vars.',
  $execution: 'Use $run.',
  $prevNode: "Use $('name') with the name of the step.",
  $jmespath: 'Use the methods of lists, such as .filter(), .map() and .pluck().',
  isNaN: 'Use isNumeric(text), or Number.isNaN(value).',
  $binary: 'Files are fields of the record; use $json.',
  $parameter: 'Use the value itself.',
  window: 'Only the names listed in the function list exist here.',
  document: 'Only the names listed in the function list exist here.',
  globalThis: 'Only the names listed in the function list exist here.',
  process: 'Only the names listed in the function list exist here.',
};

export function compileIdentifier(node: Identifier, c: Compilation, locals: Locals): Code {
  const { name } = node;
  const local = locals.find(name);
  if (local) return readLocal(local.up, local.slot);
  const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (variable) {
    variable.note?.(c.reads);
    return variable.code;
  }
  const definition = functions.get(name);
  if (definition) {
    noteClock(name, c);
    const value = functionValue(definition);
    return () => value;
  }
  if (namespaces.has(name)) {
    const names = [...(namespaces.get(name)?.keys() ?? [])].slice(0, 3);
    return c.problem(
      node,
      'unknown-name',
      `${name} is not a value by itself.`,
      `Use what it offers, such as ${names.map((member) => `${name}.${member}`).join(', ')}.`,
    );
  }
  return unknownName(node, name, c, locals);
}

/** A built-in function as a value, to be handed to `map` and its kin: it takes only as many values as it knows. */
export function functionValue({ run: builtin, most }: FunctionDefinition): Lambda {
  return new Lambda({ body: (run, args) => builtin(run, ...args.slice(0, most)), cost: 2, frames: 8 });
}

function unknownName(node: AnyNode, name: string, c: Compilation, locals: Locals): Code {
  const remedy = Object.hasOwn(foreign, name) ? foreign[name] : undefined;
  const candidates = [...variableNames, ...locals.visible(), ...functions.keys(), ...namespaces.keys()];
  const guess = remedy === undefined ? didYouMean(name, candidates) : '';
  const isMethod = guess === '' && methods.has(name);
  return c.problem(
    node,
    'unknown-name',
    `There is nothing called '${name}' here.${guess}`,
    remedy ??
      (isMethod
        ? `Write it after a value, such as $json.field.${name}().`
        : name.startsWith('$')
          ? `What begins with $ is one of $('step'), ${variableNames.join(', ')}.`
          : `For a field of the record write $json.${name}; put plain text in quotes.`),
  );
}

function readLocal(up: number, slot: number): Code {
  if (up === 0) return (_, frame) => frame.values[slot];
  if (up === 1) return (_, frame) => frame.parent?.values[slot];
  return (_, frame) => {
    let at = frame;
    for (let i = 0; i < up && at.parent !== undefined; i++) at = at.parent;
    return at.values[slot];
  };
}

/** Functions that read the clock do so without naming `$now`. */
export function noteClock(name: string, c: Compilation): void {
  if (name === 'now' || name === 'today') c.reads.now = true;
}

/** `$('name')`. The name must be written out, so that what a step reads is known before it runs. */
export function compileStep(node: CallExpression, c: Compilation): Code {
  const [argument] = node.arguments;
  if (node.arguments.length !== 1 || argument?.type !== 'Literal' || typeof argument.value !== 'string') {
    return c.problem(
      node,
      'not-allowed',
      'The name of a step must be written out.',
      "Write $('name of the step') with the name in quotes.",
    );
  }
  const name = argument.value;
  const place = { start: node.start, end: node.end };
  c.reads.nodes.add(name);
  c.reads.item = true;
  return (run) => {
    const view = run.scope.node(name);
    if (view === undefined) throw unknownStep(run, name).at(place);
    return new Step(`$('${name}')`, view);
  };
}

function unknownStep(run: Run, name: string): ExpressionError {
  return new ExpressionError(
    'unknown-step',
    `There is no step named '${name}'.${didYouMean(name, run.scope.nodeNames?.() ?? [])}`,
    'Choose a step that runs before this one.',
  );
}
