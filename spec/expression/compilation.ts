import type { AnyNode } from 'acorn';
import type { ExpressionErrorCode } from './expression-error.ts';
import type { Run } from './run.ts';

/** The local values of one function call. Arguments come first, then what the function declares. */
export interface Frame {
  readonly values: unknown[];
  readonly parent: Frame | undefined;
}

/** A compiled expression. */
export type Code = (run: Run, frame: Frame) => unknown;

export const emptyFrame: Frame = { values: [], parent: undefined };

/** Where a local name lives: `up` functions outwards, at `slot` of that function's frame. */
interface Local {
  readonly up: number;
  readonly slot: number;
}

/** The names that are visible at one place. Blocks of one function share its frame. */
export class Locals {
  readonly #names = new Map<string, number>();
  readonly #outer: Locals | undefined;
  readonly #frame: { slots: number };
  readonly #isFunction: boolean;

  constructor(outer?: Locals, isFunction = true) {
    this.#outer = outer;
    this.#isFunction = isFunction;
    this.#frame = isFunction || outer === undefined ? { slots: 0 } : outer.#frame;
  }

  block(): Locals {
    return new Locals(this, false);
  }

  /** Takes the next slot; undefined when this very block has the name already. */
  declare(name: string): number | undefined {
    if (this.#names.has(name)) return undefined;
    const slot = this.reserve();
    this.#names.set(name, slot);
    return slot;
  }

  reserve(): number {
    return this.#frame.slots++;
  }

  name(name: string, slot: number): void {
    this.#names.set(name, slot);
  }

  find(name: string): Local | undefined {
    let up = 0;
    for (let scope: Locals | undefined = this; scope !== undefined; scope = scope.#outer) {
      const slot = scope.#names.get(name);
      if (slot !== undefined) return { up, slot };
      if (scope.#isFunction) up++;
    }
    return undefined;
  }

  visible(): string[] {
    return [...this.#names.keys(), ...(this.#outer?.visible() ?? [])];
  }
}

/** What is gathered while one template is compiled. */
export interface Compilation {
  readonly source: string;
  readonly reads: {
    json: boolean;
    itemIndex: boolean;
    now: boolean;
    input: boolean;
    item: boolean;
    wholeRecord: boolean;
    readonly nodes: Set<string>;
    readonly vars: Set<string>;
    readonly fields: Set<string>;
  };
  /** AST nodes compiled so far; the cost of a function is taken from it. */
  nodes: number;
  /** How deep the deepest node lies; the stack that a function takes is counted from it. */
  deepest: number;
  /** How deep the node being compiled lies. */
  depth: number;
  /** Compiles a part of the expression. */
  code(node: AnyNode, locals: Locals): Code;
  /** Notes a problem; the code that it gives is never run. */
  problem(node: AnyNode, code: ExpressionErrorCode, message: string, remedy: string): Code;
}
