import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  RELEASE_SYNC,
} from 'quickjs-emscripten';
import { type CodeFault, SandboxError } from './code-fault.ts';
import { prelude } from './code-prelude.ts';

export interface SandboxLimits {
  /** Milliseconds that one call may take. */
  readonly time: number;
  /** Bytes. */
  readonly memory: number;
}

/** Node has WebAssembly, but its type comes with the browser's library only. */
const wasm = (
  globalThis as unknown as { WebAssembly: { Memory: new (size: { initial: number; maximum: number }) => object } }
).WebAssembly;

/** Bytes in a page of WebAssembly memory, and the pages that QuickJS starts with. */
const PAGE = 65_536;
const FIRST = 256;

/**
 * QuickJS compiled to WebAssembly: a JavaScript of its own without files, network, timers or anything of Node. To be used in a worker,
 * since a call holds its thread until it ends or a limit stops it.
 */
export class Sandbox {
  readonly #context: QuickJSContext;
  readonly #limits: SandboxLimits;
  readonly #functions: QuickJSHandle;
  #deadline = 0;

  static async open(source: string, values: Record<string, unknown>, limits: SandboxLimits): Promise<Sandbox> {
    // QuickJS's own limit counts allocations without their sizes in this build, so the bound is that of the whole WebAssembly memory.
    const wasmMemory = new wasm.Memory({ initial: FIRST, maximum: FIRST + Math.ceil(limits.memory / PAGE) });
    const module = await newQuickJSWASMModuleFromVariant(newVariant(RELEASE_SYNC, { wasmMemory }));
    return new Sandbox(module.newRuntime(), source, values, limits);
  }

  private constructor(runtime: QuickJSRuntime, source: string, values: Record<string, unknown>, limits: SandboxLimits) {
    this.#limits = limits;
    runtime.setMaxStackSize(256 * 1024);
    runtime.setInterruptHandler(() => Date.now() > this.#deadline);
    this.#context = runtime.newContext();
    this.#deadline = Date.now() + limits.time;
    // The code starts on the first line, so that line numbers are those that the person sees.
    const act = this.#eval(`(function ($json, $itemIndex, items, $input) {${source}\n})`, 'code');
    const make = this.#eval(prelude, 'prelude');
    const given = this.#context.newString(JSON.stringify(values));
    this.#functions = this.#result(this.#context.callFunction(make, this.#context.undefined, act, given));
  }

  /** Calls one of the prelude's functions; gives the text that it gives. */
  call(name: 'each' | 'push' | 'all' | 'take', ...args: (string | number)[]): string {
    const context = this.#context;
    this.#deadline = Date.now() + this.#limits.time;
    const handles = args.map((arg) => (typeof arg === 'string' ? context.newString(arg) : context.newNumber(arg)));
    const callee = context.getProp(this.#functions, name);
    try {
      const result = this.#result(context.callFunction(callee, context.undefined, ...handles));
      const text = context.getString(result);
      result.dispose();
      return text;
    } finally {
      for (const handle of [callee, ...handles]) handle.dispose();
    }
  }

  #eval(source: string, name: string): QuickJSHandle {
    return this.#result(this.#context.evalCode(source, name));
  }

  #result(result: ReturnType<QuickJSContext['callFunction']>): QuickJSHandle {
    if (result.error === undefined) return result.value;
    const error: unknown = this.#context.dump(result.error);
    result.error.dispose();
    throw new SandboxError(faultOf(error, this.#limits));
  }
}

function faultOf(error: unknown, limits: SandboxLimits): CodeFault {
  const {
    name = '',
    message = String(error),
    stack = '',
  } = (error ?? {}) as { name?: string; message?: string; stack?: string };
  const line = Number(/code:(\d+)/.exec(stack)?.[1] ?? 0);
  if (message === 'interrupted')
    return { kind: 'time', message: `The code ran longer than ${limits.time / 1000} seconds.`, line };
  if (message === 'out of memory' || error === null) {
    return {
      kind: 'memory',
      message: `The code needed more than ${Math.round(limits.memory / 1_048_576)} MB of memory.`,
      line,
    };
  }
  return { kind: name === 'SyntaxError' ? 'syntax' : 'error', message, line };
}
