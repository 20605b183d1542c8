import type { AxiosInstance } from 'axios';
import type { Egress, Files, NodeContext, RunInfo, Wait, WaitOutcome } from '../sdk/context.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import type { Connections } from './connections.ts';
import type { Added, StepWait } from './journal.ts';
import type { EnginePorts, FileArea, RunStore } from './ports.ts';
import type { Halt } from './stop.ts';

/** A step asks to sleep; caught by the run, which writes the wait down and lets go of the step. */
export class Suspended extends Error {
  override readonly name = 'Suspended';
  readonly wait: StepWait;

  constructor(wait: StepWait) {
    super('The step waits');
    this.wait = wait;
  }
}

/** What an attempt has said to keep for later runs, by key. */
export interface Remembered {
  values?: Record<string, unknown>;
  added?: Record<string, Added>;
}

/** What a step's context needs of the run it belongs to. */
export interface StepHost {
  readonly ports: Pick<EnginePorts, 'clock' | 'http' | 'egress' | 'paced'> & {
    readonly files: Pick<FileArea, 'of'>;
    readonly store: Pick<RunStore, 'readMemory'>;
  };
  readonly connections: Connections;
  readonly info: RunInfo;
  log(node: string, level: 'info' | 'warn' | 'error', message: string, data?: unknown): void;
  progress(step: string, done: number, total?: number): void;
  respond(response: { status: number; headers: Record<string, string>; body: unknown }): void;
  startRun(workflowId: string, records: readonly DataRecord[], key: string): Promise<string>;
  /** What the step's waits came to so far, in order. */
  outcomes(step: string): readonly unknown[];
  /** What the node of a step has added to a list over runs in rounds of this one that ended well. */
  addedBefore(step: string, list: string): readonly Added[];
}

export interface StepCredential {
  readonly id: string;
  readonly type: string;
  readonly values: unknown;
}

/** The `NodeContext` of one attempt of a step. What costs something is made when first asked for. */
export class StepContext implements NodeContext {
  readonly credential: unknown;
  readonly credentialType: string;
  readonly step: NodeContext['step'];
  private readonly halt: Halt;
  private readonly host: StepHost;
  /** The step's key in the journal. */
  private readonly key: string;
  private readonly credentialId: string;
  private client: AxiosInstance | undefined;
  private area: Files | undefined;
  private suspensions = 0;
  /** Holds once the attempt has ended well. */
  remembered: Remembered = {};
  /** Whether the attempt has written into the run's log. */
  hasLogged = false;

  constructor(
    host: StepHost,
    key: string,
    step: NodeContext['step'],
    credential: StepCredential | undefined,
    halt: Halt,
  ) {
    this.host = host;
    this.key = key;
    this.step = step;
    this.credentialId = credential?.id ?? '';
    this.credential = credential?.values;
    this.credentialType = credential?.type ?? '';
    this.halt = halt;
  }

  get signal(): AbortSignal {
    return this.halt.signal;
  }

  get http(): AxiosInstance {
    this.client ??= this.host.ports.http({ signal: this.signal, credentialId: this.credentialId });
    return this.client;
  }

  get egress(): Egress {
    return this.host.ports.egress;
  }

  get files(): Files {
    this.area ??= this.host.ports.files.of(this.host.info.id);
    return this.area;
  }

  get run(): RunInfo {
    return this.host.info;
  }

  now(): number {
    return this.host.ports.clock.now();
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = this;
      if (signal.aborted) return reject(signal.reason);
      const stop = this.host.ports.clock.after(ms, () => {
        signal.removeEventListener('abort', aborted);
        resolve();
      });
      const aborted = () => {
        stop();
        reject(signal.reason);
      };
      signal.addEventListener('abort', aborted, { once: true });
    });
  }

  log(level: 'info' | 'warn' | 'error', message: string, data?: unknown): void {
    this.hasLogged = true;
    this.host.log(this.step.nodeId, level, message, data);
  }

  progress(done: number, total?: number): void {
    this.host.progress(this.key, done, total);
  }

  connect<T>(key: string, open: () => Promise<T>, close: (client: T) => Promise<void> | void): Promise<T> {
    return this.host.connections.connect(this.credentialId, key, open, close);
  }

  paced<T>(act: () => Promise<T>): Promise<T> {
    const { paced } = this.host.ports;
    return paced && this.credentialId !== '' ? paced(this.credentialId, this.signal, act) : act();
  }

  disconnect(key: string): Promise<void> {
    return this.host.connections.disconnect(this.credentialId, key);
  }

  get memory(): NodeContext['memory'] {
    return {
      get: (key) => this.remembersOf(key),
      set: (key, value) => {
        this.remembered.values = { ...this.remembered.values, [key]: value ?? null };
      },
      add: (key, entries, most) => {
        const before = this.remembered.added?.[key]?.entries ?? [];
        this.remembered.added = { ...this.remembered.added, [key]: { entries: [...before, ...entries], most } };
      },
    };
  }

  private async remembersOf(key: string): Promise<unknown> {
    const known = await this.host.ports.store.readMemory(this.host.info.workflowId, this.step.nodeId, key);
    const added = this.host.addedBefore(this.key, key);
    const most = added.at(-1)?.most;
    if (most === undefined) return known;
    const before: readonly unknown[] = Array.isArray(known) ? known : [];
    return before.concat(...added.map(({ entries }) => entries)).slice(-most);
  }

  async suspend(wait: Wait): Promise<WaitOutcome> {
    const outcomes = this.host.outcomes(this.key);
    const index = this.suspensions++;
    if (index < outcomes.length) return outcomes[index] as WaitOutcome;
    throw new Suspended(wait);
  }

  respond(response: { status: number; headers: Record<string, string>; body: unknown }): void {
    this.host.respond(response);
  }

  startRun(workflowId: string, records: readonly DataRecord[], key: string): Promise<string> {
    return this.host.startRun(workflowId, records, key);
  }
}
