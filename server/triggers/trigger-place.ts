import type { StartedRun } from '../../engine/index.ts';
import type { DataRecord } from '../../sdk/index.ts';

/** Where a trigger stands, and what it may do there. */
export interface TriggerPlace {
  readonly workflowId: string;
  readonly nodeId: string;
  /** Time zone of the workflow. */
  readonly zone: string;
  remembered(): unknown;
  remember(state: unknown): void;
  /** Starts a run and resolves when it is durable; `undefined` when the workflow skips it because another is on. */
  start(request: { records: readonly DataRecord[]; key: string }): Promise<StartedRun | undefined>;
  /** Tells the server's log. */
  failed(what: string, error: unknown): void;
}

export interface ActiveTrigger {
  /** When it will fire next, epoch milliseconds, where that is known. */
  readonly next: number | undefined;
  start(): Promise<void>;
  stop(): void;
}
