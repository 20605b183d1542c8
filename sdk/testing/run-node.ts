import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import type { DataRecord } from '../../spec/workflow/record.ts';
import type { NodeContext, Wait, WaitOutcome } from '../context.ts';
import { type ErrorReport, reportOf } from '../errors.ts';
import type { NodeDefinition } from '../node.ts';
import type { Origin } from '../origins.ts';
import { upgradeParams } from '../upgrade.ts';
import { MemoryStep } from './memory-step.ts';
import { Suspended, type TestEffects, type TestLogLine, TestWorld, testNow } from './test-context.ts';
import { testFiles } from './test-files.ts';

export interface RunOptions<C = unknown> {
  /** As in the document: templates allowed. */
  readonly params?: DataRecord;
  /** Version that `params` were written for, to try an upgrade. */
  readonly version?: number;
  /** Records of the first input port, or records by port. Default: one empty record, as a trigger gives. */
  readonly inputs?: readonly DataRecord[] | Readonly<Record<string, readonly DataRecord[]>>;
  readonly credential?: C;
  readonly credentialType?: string;
  /** Replaces parts of the context, such as `now` or `http`. */
  readonly ctx?: Partial<NodeContext<C>>;
  readonly signal?: AbortSignal;
  /** Outputs of earlier steps for `$('name')`. The present record's item is the one at its own position. */
  readonly nodes?: Readonly<Record<string, readonly DataRecord[]>>;
  readonly vars?: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. Default: `testNow`. */
  readonly now?: number;
  /** Records per batch where the node does not ask for a size. Default 1,000. */
  readonly batchSize?: number;
  /** Whether records that all have the same fields come as columns. */
  readonly asColumns?: boolean;
  /** Bytes of records that the node may hold at once, to make it work out of core. Default: as much as it likes. */
  readonly workingMemory?: number;
  /** Node memory; what the node keeps is found in it afterwards. */
  readonly memory?: Map<string, unknown>;
  /** What the node's waits come to, in order. */
  readonly answers?: readonly WaitOutcome[];
  /** Results by key of calls made before a crash: `io.call` gives these again without acting, as after a restart. */
  readonly keptCalls?: Readonly<Record<string, unknown>>;
  /** What `verify` has found of earlier tries of calls, by key. */
  readonly foundCalls?: Readonly<Record<string, unknown>>;
  /** Folder of the file area, kept afterwards. Default: a folder of its own, removed at the end. */
  readonly folder?: string;
  /** Gives the failure in the result instead of throwing it. */
  readonly mayFail?: boolean;
}

export interface TestCall {
  readonly key: string;
  readonly start: number;
  readonly count: number;
  /** `kept`: made before, not made again. */
  readonly outcome: 'done' | 'failed' | 'kept';
  readonly result?: unknown;
}

export interface RunResult {
  /** Records by output port; a port that got none is absent. */
  readonly ports: Readonly<Record<string, DataRecord[]>>;
  /** For each port, the origin of each record; absent for records from outside. */
  readonly origins: Readonly<Record<string, (Origin | undefined)[]>>;
  readonly logs: readonly TestLogLine[];
  /** Calls made through the effect ledger. */
  readonly calls: readonly TestCall[];
  readonly effects: TestEffects;
  readonly error?: ErrorReport;
  /** The wait without an answer that the step went to sleep on. */
  readonly suspended?: Wait;
}

/**
 * Runs a node over records in memory, with the same parameters, streams and rules as the engine:
 *
 * ```ts
 * const { ports } = await runNode(setFields, {
 *   params: { fields: { total: '={{ $json.price * 2 }}' } },
 *   inputs: [{ price: 4 }],
 * });
 * expect(ports.records).toEqual([{ price: 4, total: 8 }]);
 * ```
 *
 * `ctx.http` is a plain axios: point the node at a server on loopback. `ctx.now()` stands still and `ctx.sleep` moves it on
 * at once, so that retries and waits need no time. `ctx.files` is a folder that is removed at the end.
 */
export async function runNode<S extends z.ZodObject, C>(
  definition: NodeDefinition<S, C>,
  options: RunOptions<C> = {},
): Promise<RunResult> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'sluice-node-')));
  const world = new TestWorld<C>(
    {
      ...(options.credential === undefined ? {} : { credential: options.credential }),
      credentialType: options.credentialType ?? defaultCredentialType(definition as unknown as NodeDefinition),
      signal: options.signal ?? new AbortController().signal,
      files: testFiles(folder),
      now: options.now ?? testNow,
      memory: options.memory ?? new Map(),
      answers: options.answers ?? [],
    },
    options.ctx ?? {},
  );
  const params = upgradeParams(definition, options.params ?? {}, options.version ?? definition.version);
  let failure: unknown;
  const step = new MemoryStep<z.output<S>, C>(definition, params, world.ctx, options);
  try {
    await definition.runner.run(step.start());
  } catch (error) {
    failure = error;
  } finally {
    await world.close();
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  }
  if (failure !== undefined && !(failure instanceof Suspended) && !options.mayFail) throw failure;
  return {
    ports: step.ports,
    origins: step.origins,
    logs: world.logs,
    calls: step.calls,
    effects: world.effects,
    ...(failure instanceof Suspended
      ? { suspended: failure.wait }
      : failure === undefined
        ? {}
        : { error: reportOf(failure) }),
  };
}

function defaultCredentialType(definition: NodeDefinition): string {
  const [first] = [definition.credential ?? []].flat();
  return first === undefined || !('type' in first) ? '' : first.type;
}
