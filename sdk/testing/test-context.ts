import axios from 'axios';
import type { DataRecord } from '../../spec/workflow/record.ts';
import type { Files, NodeContext, Wait, WaitOutcome } from '../context.ts';

/** What a node did to the world through its context. */
export interface TestEffects {
  readonly responses: { status: number; headers: Record<string, string>; body: unknown }[];
  readonly startedRuns: { workflowId: string; records: readonly DataRecord[]; key: string; id: string }[];
  readonly waits: Wait[];
  readonly progress: { done: number; total?: number }[];
  /** Milliseconds slept, in order; no time really passes. */
  readonly sleeps: number[];
}

export interface TestLogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly data?: unknown;
}

interface TestContextOptions<C> {
  readonly credential?: C;
  readonly credentialType?: string;
  readonly signal: AbortSignal;
  readonly files: Files;
  /** Epoch milliseconds at which the test's clock stands; `sleep` moves it on. */
  readonly now: number;
  /** Node memory from earlier runs; holds what the node kept afterwards. */
  readonly memory: Map<string, unknown>;
  /** What the waits come to, in order. A wait without an answer suspends the run. */
  readonly answers: readonly WaitOutcome[];
}

/** Thrown by `suspend` where the test has no answer: the step would go to sleep here. */
export class Suspended extends Error {
  override readonly name = 'Suspended';
  readonly wait: Wait;
  constructor(wait: Wait) {
    super(`The step waits (${wait.kind}); give its outcome with the option "answers" to go on.`);
    this.wait = wait;
  }
}

/** The start of the test clock: 2026-03-02, a Monday, 09:30 UTC. */
export const testNow = Date.UTC(2026, 2, 2, 9, 30);

export class TestWorld<C> {
  readonly logs: TestLogLine[] = [];
  readonly effects: TestEffects = { responses: [], startedRuns: [], waits: [], progress: [], sleeps: [] };
  readonly ctx: NodeContext<C>;
  readonly #clients = new Map<string, { client: unknown; close: (client: never) => Promise<void> | void }>();
  #now: number;

  constructor(options: TestContextOptions<C>, overrides: Partial<NodeContext<C>>) {
    this.#now = options.now;
    const answers = [...options.answers];
    const { effects, logs } = this;
    this.ctx = {
      credential: options.credential as C,
      credentialType: options.credentialType ?? '',
      http: axios.create({ signal: options.signal }),
      egress: { check: async () => {} },
      files: options.files,
      signal: options.signal,
      run: { id: 'run-1', workflowId: 'test', workflowName: 'Test', startedAt: options.now, zone: 'UTC' },
      step: { nodeId: 'node', nodeName: 'Node', attempt: 1 },
      now: () => this.#now,
      sleep: async (ms) => {
        options.signal.throwIfAborted();
        effects.sleeps.push(ms);
        this.#now += ms;
      },
      log: (level, message, data) => void logs.push(data === undefined ? { level, message } : { level, message, data }),
      progress: (done, total) => void effects.progress.push(total === undefined ? { done } : { done, total }),
      connect: (key, open, close) => this.#connect(key, open, close),
      paced: (act) => act(),
      disconnect: (key) => this.#disconnect(key),
      memory: {
        get: async (key) => options.memory.get(key),
        set: (key, value) => void options.memory.set(key, value),
        add: (key, entries, most) => {
          const known = (options.memory.get(key) as string[] | undefined) ?? [];
          options.memory.set(key, [...new Set([...known, ...entries])].slice(-most));
        },
      },
      suspend: async (wait) => {
        effects.waits.push(wait);
        const answer = answers.shift();
        if (answer === undefined) throw new Suspended(wait);
        return answer;
      },
      respond: (response) => void effects.responses.push(response),
      startRun: async (workflowId, records, key) => {
        const known = effects.startedRuns.find((run) => run.key === key);
        if (known !== undefined) return known.id;
        const id = `started-${effects.startedRuns.length + 1}`;
        effects.startedRuns.push({ workflowId, records, key, id });
        return id;
      },
      ...overrides,
    };
  }

  async #connect<T>(key: string, open: () => Promise<T>, close: (client: T) => Promise<void> | void): Promise<T> {
    const known = this.#clients.get(key);
    if (known !== undefined) return known.client as T;
    const client = await open();
    this.#clients.set(key, { client, close: close as (client: never) => Promise<void> | void });
    return client;
  }

  async #disconnect(key: string): Promise<void> {
    const known = this.#clients.get(key);
    this.#clients.delete(key);
    if (known !== undefined) await known.close(known.client as never);
  }

  /** Closes the clients that the node opened. */
  async close(): Promise<void> {
    for (const key of [...this.#clients.keys()]) await this.#disconnect(key);
  }
}
