import { DateTime, Duration } from 'luxon';
import type { Frame } from './compilation.ts';
import { Pattern } from './pattern.ts';
import type { Run } from './run.ts';
import type { NodeView } from './scope.ts';

/**
 * The values that exist inside an expression: undefined, null, booleans, numbers, text, plain objects, arrays, luxon
 * `DateTime` and `Duration` (a host's `Date` is read as `DateTime`), `Pattern`, `Lambda` and `Step`. Anything else that
 * a host may hand over is opaque: it has no readable property and cannot leave.
 */
export class Lambda {
  readonly #definition: FunctionBody;
  readonly #parent: Frame | undefined;

  /** @param parent the frame in which an arrow function was made. */
  constructor(definition: FunctionBody, parent?: Frame) {
    this.#definition = definition;
    this.#parent = parent;
  }

  /** `args` belongs to the callee from here on. */
  call(run: Run, args: unknown[]): unknown {
    const { body, cost, frames } = this.#definition;
    run.spend(cost);
    run.enter(frames);
    const result = body(run, args, this.#parent);
    run.leave(frames);
    return result;
  }
}

/** What all functions made at one place of an expression share. */
export interface FunctionBody {
  readonly body: (run: Run, args: unknown[], parent: Frame | undefined) => unknown;
  /** Steps for one call. */
  readonly cost: number;
  /** Stack frames that one call takes. */
  readonly frames: number;
}

/** `$('name')` and `$input`. */
export class Step {
  readonly label: string;
  readonly view: NodeView;

  constructor(label: string, view: NodeView) {
    this.label = label;
    this.view = view;
  }
}

export type PlainObject = Record<string, unknown>;

const objectPrototype = Object.prototype;

/** Objects with the realm's own or no prototype, and those that came plain from another realm. */
export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === objectPrototype || prototype === null) return true;
  if (typeof prototype !== 'object' || Array.isArray(value)) return false;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf');
}

/** Whether it is an object that inherits from this realm's `Object.prototype` alone: nearly all plain objects are. */
export function hasPlainPrototype(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === objectPrototype;
}

/** Names that every object inherits and that must therefore be looked up as own fields. */
export function isInherited(name: string): boolean {
  return name in objectPrototype;
}

/** An own field of a plain object; host functions are not values. */
export function ownField(object: PlainObject, name: string): unknown {
  if (!Object.hasOwn(object, name)) return undefined;
  const value = object[name];
  return typeof value === 'function' ? undefined : value;
}

export type Kind =
  | 'missing'
  | 'text'
  | 'number'
  | 'boolean'
  | 'list'
  | 'object'
  | 'date'
  | 'duration'
  | 'pattern'
  | 'function'
  | 'step'
  | 'unreadable';

export function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'undefined':
      return 'missing';
    case 'object':
      break;
    default:
      return 'unreadable';
  }
  if (value === null) return 'missing';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Lambda) return 'function';
  if (value instanceof Step) return 'step';
  if (value instanceof DateTime || value instanceof Date) return 'date';
  if (value instanceof Duration) return 'duration';
  if (value instanceof Pattern) return 'pattern';
  return isPlainObject(value) ? 'object' : 'unreadable';
}

/** The value in a few words, for messages: "the text 'abc'", "a list of 3". */
export function describe(value: unknown): string {
  switch (kindOf(value)) {
    case 'missing':
      return 'nothing (the value is empty)';
    case 'text': {
      const text = value as string;
      return text === '' ? 'an empty text' : `the text '${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;
    }
    case 'number':
      return `the number ${value as number}`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'list':
      return `a list of ${(value as unknown[]).length}`;
    case 'object':
      return 'an object';
    case 'date':
      return 'a date';
    case 'duration':
      return 'a duration';
    case 'pattern':
      return 'a pattern';
    case 'function':
      return 'a function';
    case 'step':
      return `the step ${(value as Step).label}`;
    default:
      return 'something that expressions cannot read';
  }
}
