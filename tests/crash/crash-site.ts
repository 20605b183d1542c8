import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { callKey } from '../../engine/ledger.ts';
import type { RunStatus, RunSummary, StepView } from '../../spec/api/run.ts';
import { type SluiceProcess, startSluice } from '../sluice-process.ts';
import { type CountedCall, CountingService } from './counting-service.ts';
import { ANSWER, RECORDS } from './crash-workflows.ts';
import { callsOf, type FinishedWork, finishedWork } from './finished-work.ts';

type Work = (server: SluiceProcess) => Promise<void>;

interface Ending {
  readonly before?: Work;
  /** Once every run has ended. */
  readonly after?: (server: SluiceProcess, runs: readonly RunSummary[]) => Promise<void>;
}

interface Life {
  readonly env?: Readonly<Record<string, string>>;
  /** Told of the process before it is ready. */
  readonly onSpawn?: (child: ChildProcess) => void;
  /** What is asked of the server while it lives; may fail once it is dead. */
  readonly work: Work;
}

/** Nodes whose calls must not be made twice. */
const ONCE = new Set(['post', 'tell', 'ask']);

const UNFINISHED: readonly RunStatus[] = ['queued', 'running', 'waiting', 'needs-you'];

/**
 * A home folder on which one server after another lives and is killed, beside the service that counts what they do. Between two lives
 * it reads what is durably done, and holds every later call against it.
 */
export class CrashSite {
  readonly home: string;
  readonly service = new CountingService();
  /** Runs whose start was answered with 2xx. */
  readonly accepted = new Set<string>();
  /** Calls that had no known outcome, and what was decided of them. */
  readonly decisions: { readonly call: string; readonly happened: boolean; readonly life: number }[] = [];
  private readonly done = new Set<string>();
  private readonly known = new Set<string>();
  private readonly ended = new Set<string>();
  private readonly violations: string[] = [];

  constructor(home = mkdtempSync(join(tmpdir(), 'sluice-crash-'))) {
    this.home = home;
    this.service.counted = (call) => this.check(call);
  }

  /** Lets a server live until it is killed or stopped. */
  async live({ env = {}, onSpawn, work }: Life): Promise<void> {
    this.service.life++;
    let ended: Promise<unknown> = Promise.resolve();
    let isDead = false;
    let isReady = false;
    let code: number | null = null;
    let said = () => '';
    const spawned = (child: ChildProcess) => {
      ended = once(child, 'exit').then(([given]) => {
        isDead = true;
        code = given as number | null;
      });
      onSpawn?.(child);
    };
    try {
      const options = { home: this.home, env: { SLUICE_ALLOW_PRIVATE: '127.0.0.0/8', ...env }, onSpawn: spawned };
      const server = await startSluice(options);
      isReady = true;
      said = server.said;
      await Promise.all([work(server), this.decide(server, () => isDead)]);
    } catch (error) {
      if (isReady) await Promise.race([ended, pause(5_000)]);
      // What a dead server leaves unanswered is a TypeError of `fetch`; anything else was found while it lived.
      const isOfDeath = isReady ? error instanceof TypeError : /ended with SIGKILL/.test(String(error));
      if (!isDead || !isOfDeath) throw error;
    }
    await ended;
    if (code) throw new Error(`The server ended by itself, with ${code}. It said:\n${said()}`);
    await this.look();
  }

  /** Reads what is durably done, once the server is dead. */
  async look(): Promise<void> {
    this.remember(await finishedWork(this.home));
  }

  /** Lets a server live until every run has ended, and stops it in good order. Gives all runs. */
  async liveOut({ before, after }: Ending = {}): Promise<readonly RunSummary[]> {
    let runs: readonly RunSummary[] = [];
    await this.live({
      work: async (server) => {
        await before?.(server);
        while ((await unfinished(server, 1)).length > 0) await pause(50);
        runs = await allRuns(server);
        await after?.(server, runs);
        await server.close();
      },
    });
    return runs;
  }

  /** What went against the promises; empty when all were kept. */
  faults(runs: readonly RunSummary[]): string[] {
    const faults = [...this.violations];
    const byId = new Map(runs.map((run) => [run.id, run]));
    for (const id of this.accepted) if (!byId.has(id)) faults.push(`run ${id} was accepted and is not there`);
    for (const run of runs) {
      if (run.workflowId === 'unsaved') faults.push(`run ${run.id} was kept, and should not have been`);
      if (run.status !== (run.workflowId === 'holding' ? 'cancelled' : 'succeeded'))
        faults.push(`run ${run.id} of ${run.workflowId} is ${run.status}: ${run.error?.message}`);
      for (const { node, n } of callsOf({ header: run as never })) {
        const count = this.service.count(node, run.id, n);
        const call = `${node}/${run.id}/${n}`;
        if (count === 0) faults.push(`${call} was never called`);
        if (ONCE.has(node) && count > 1) faults.push(`${call} was called ${count} times: ${this.story(call)}`);
      }
    }
    for (const { node, run, body } of this.service.calls) {
      if (node === 'told' && !isDeepStrictEqual(body, this.answersOf(run)))
        faults.push(`run ${run} told ${JSON.stringify(body)}`);
    }
    return faults;
  }

  /** In which lives a call was made, and what was decided of it. */
  private story(call: string): string {
    const lives = this.service.calls.filter((one) => nameOf(one) === call).map(({ life }) => life);
    const decisions = this.decisions
      .filter((one) => one.call === call)
      .map(({ happened, life }) => ({ happened, life }));
    return JSON.stringify({ lives, decisions });
  }

  /** What a run of `answers` tells: of a call that somebody said was made, nobody knows the answer. */
  private answersOf(run: string): Record<string, unknown> {
    const unknown = this.decisions.filter(({ call, happened }) => happened && call.startsWith(`ask/${run}/`));
    const known = RECORDS - new Set(unknown.map(({ call }) => call)).size;
    return { count: RECORDS, sum: (RECORDS * (RECORDS - 1)) / 2, size: known * ANSWER };
  }

  close(): void {
    this.service.close();
    rmSync(this.home, { recursive: true, force: true });
  }

  private check(counted: CountedCall): void {
    const { run, life } = counted;
    const call = nameOf(counted);
    if (this.done.has(call)) this.violations.push(`${call} was done before life ${life}, and called again in it`);
    if (this.ended.has(run)) this.violations.push(`${call} was called in life ${life}, and its run had ended before`);
  }

  private remember({ unfinished: open, calls, begun }: FinishedWork): void {
    for (const call of this.service.calls) {
      const isKnown = !ONCE.has(call.node) || !open.has(call.run) || begun.has(nameOf(call));
      if (!isKnown)
        this.violations.push(`${nameOf(call)} was called in life ${call.life}, and nothing is written of it`);
    }
    for (const call of calls) this.done.add(call);
    for (const id of this.accepted) this.known.add(id);
    for (const id of open) this.known.add(id);
    for (const id of this.known) if (!open.has(id)) this.ended.add(id);
  }

  /** Answers for every `once` call without an outcome, by what the service has counted. */
  private async decide(server: SluiceProcess, isOver: () => boolean): Promise<void> {
    for (; !isOver(); await pause(50)) {
      const { items } = await server
        .call<{ items: { run: RunSummary; step?: StepView }[] }>('GET', '/needs-you')
        .catch(async (error: unknown) => {
          await Promise.race([server.ended, pause(5_000)]);
          if (!isOver()) throw error;
          return { items: [] };
        });
      for (const { run, step } of items) {
        if (step?.wait?.kind !== 'unknown-outcome') continue;
        const { key, step: stepKey = step.node } = step.wait;
        const doubt = callsOf({ header: run as never }).find(
          (one) => one.step === stepKey && callKey(run.id, stepKey, one.start) === key,
        );
        if (!doubt) throw new Error(`Nobody knows the call ${key} of ${stepKey} in run ${run.id}`);
        const happened = this.service.count(doubt.node, run.id, doubt.n) > 0;
        this.decisions.push({ call: `${doubt.node}/${run.id}/${doubt.n}`, happened, life: this.service.life });
        const kind = happened ? 'done' : 'not-done';
        const path = `/api/v1/runs/${run.id}/steps/${step.node}/answer`;
        await server.ask('POST', path, { kind, call: key }).catch(() => {});
      }
    }
  }
}

function nameOf({ node, run, n }: CountedCall): string {
  return `${node}/${run}/${n}`;
}

export async function unfinished(server: SluiceProcess, limit: number): Promise<readonly RunSummary[]> {
  const status = UNFINISHED.join(',');
  return (await server.call<{ runs: RunSummary[] }>('GET', `/runs?status=${status}&limit=${limit}`)).runs;
}

async function allRuns(server: SluiceProcess): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: { runs: RunSummary[]; cursor?: string } = await server.call('GET', `/runs?limit=500${after}`);
    runs.push(...page.runs);
    cursor = page.cursor;
  }
  return runs;
}
