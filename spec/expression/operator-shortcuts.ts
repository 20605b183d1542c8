import type { Code } from './compilation.ts';
import { shortText } from './operators.ts';
import type { Run } from './run.ts';

/** What an operator gives for any two values. */
export type Operation = (run: Run, left: unknown, right: unknown) => unknown;

/** Code that takes the way of most values by itself, and `otherwise` for all others. */
type BetweenCodes = (left: Code, right: Code, otherwise: Operation) => Code;
type WithConstant<T> = (left: Code, right: T, otherwise: Operation) => Code;

/**
 * Shortcuts past the operations of `operators.ts`: each gives what the operation would give, without its calls, for the types that an
 * operator mostly meets. Each is written out, since JavaScript's engines make fast only what is one place in the source.
 */
export const betweenCodes: ReadonlyMap<string, BetweenCodes> = new Map<string, BetweenCodes>([
  [
    '+',
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      if (typeof a === 'number' && typeof b === 'number') return a + b;
      if (typeof a === 'string' && typeof b === 'string' && a.length + b.length <= shortText) return a + b;
      return otherwise(run, a, b);
    },
  ],
  [
    '-',
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      return typeof a === 'number' && typeof b === 'number' ? a - b : otherwise(run, a, b);
    },
  ],
  [
    '*',
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      return typeof a === 'number' && typeof b === 'number' ? a * b : otherwise(run, a, b);
    },
  ],
  [
    '/',
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      return typeof a === 'number' && typeof b === 'number' && b !== 0 ? a / b : otherwise(run, a, b);
    },
  ],
  [
    '%',
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      return typeof a === 'number' && typeof b === 'number' && b !== 0 ? a % b : otherwise(run, a, b);
    },
  ],
  [
    '<',
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      return typeof a === 'number' && typeof b === 'number' ? a < b : otherwise(run, a, b);
    },
  ],
  [
    '>',
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      return typeof a === 'number' && typeof b === 'number' ? a > b : otherwise(run, a, b);
    },
  ],
  [
    '<=',
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      return typeof a === 'number' && typeof b === 'number' ? a <= b : otherwise(run, a, b);
    },
  ],
  [
    '>=',
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      return typeof a === 'number' && typeof b === 'number' ? a >= b : otherwise(run, a, b);
    },
  ],
  ...(['===', '=='] as const).map((operator): [string, BetweenCodes] => [
    operator,
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      return typeof a === 'number' && typeof b === 'number' ? a === b : otherwise(run, a, b);
    },
  ]),
  ...(['!==', '!='] as const).map((operator): [string, BetweenCodes] => [
    operator,
    (left, right, otherwise) => (run, frame) => {
      const a = left(run, frame);
      const b = right(run, frame);
      return typeof a === 'number' && typeof b === 'number' ? a !== b : otherwise(run, a, b);
    },
  ]),
]);

/** The right side is a number in the source. */
export const withNumber: ReadonlyMap<string, WithConstant<number>> = new Map<string, WithConstant<number>>([
  [
    '+',
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' ? a + b : otherwise(run, a, b);
    },
  ],
  [
    '-',
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' ? a - b : otherwise(run, a, b);
    },
  ],
  [
    '*',
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' ? a * b : otherwise(run, a, b);
    },
  ],
  [
    '/',
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' && b !== 0 ? a / b : otherwise(run, a, b);
    },
  ],
  [
    '%',
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' && b !== 0 ? a % b : otherwise(run, a, b);
    },
  ],
  [
    '<',
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' ? a < b : otherwise(run, a, b);
    },
  ],
  [
    '>',
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' ? a > b : otherwise(run, a, b);
    },
  ],
  [
    '<=',
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' ? a <= b : otherwise(run, a, b);
    },
  ],
  [
    '>=',
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' ? a >= b : otherwise(run, a, b);
    },
  ],
  ...(['===', '=='] as const).map((operator): [string, WithConstant<number>] => [
    operator,
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' ? a === b : otherwise(run, a, b);
    },
  ]),
  ...(['!==', '!='] as const).map((operator): [string, WithConstant<number>] => [
    operator,
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'number' ? a !== b : otherwise(run, a, b);
    },
  ]),
]);

/** The right side is a text in the source, of no more than `shortText`: comparing with it costs next to nothing. */
export const withText: ReadonlyMap<string, WithConstant<string>> = new Map<string, WithConstant<string>>([
  [
    '+',
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'string' && a.length + b.length <= shortText ? a + b : otherwise(run, a, b);
    },
  ],
  ...(['===', '=='] as const).map((operator): [string, WithConstant<string>] => [
    operator,
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'string' ? a === b : otherwise(run, a, b);
    },
  ]),
  ...(['!==', '!='] as const).map((operator): [string, WithConstant<string>] => [
    operator,
    (left, b, otherwise) => (run, frame) => {
      const a = left(run, frame);
      return typeof a === 'string' ? a !== b : otherwise(run, a, b);
    },
  ]),
]);
