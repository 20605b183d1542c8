import type { RestartOptions } from '../engine/restarts.ts';
import { reportOf } from '../sdk/index.ts';
import type { RestartFailed, RestartFailedPreview, RestartPreview } from '../spec/api/restart.ts';
import type { RunSummary } from '../spec/api/run.ts';
import { Fault, notFound } from './fault.ts';
import { newestOf } from './run-target.ts';
import type { Services } from './services.ts';

export interface RestartRequest {
  readonly from?: string | undefined;
  readonly version?: 'same' | 'newest' | undefined;
}

/** Failed runs restarted by one call. */
const AT_ONCE = 1000;

type Means = Pick<Services, 'engine' | 'workspace' | 'checker'>;

/** Restarts of one run, or of all that failed; what they would do is told before. */
export class Restarts {
  private readonly means: Means;

  constructor(means: Means) {
    this.means = means;
  }

  async preview(id: string, request: RestartRequest): Promise<RestartPreview> {
    return this.previewFor(id, await this.optionsFor(await this.ended(id), request));
  }

  /** Gives the new run's id once it is durable. */
  async restart(id: string, request: RestartRequest): Promise<string> {
    const options = await this.optionsFor(await this.ended(id), request);
    await this.previewFor(id, options);
    return (await this.means.engine.restart(id, options)).id;
  }

  async previewFailed(workflow: string, request: RestartRequest): Promise<RestartFailedPreview> {
    const { runs, more } = await this.failedRuns(workflow);
    const steps = new Map<string, RestartFailedPreview['steps'][number]>();
    const { left } = await this.forEach(runs, request, async (run, options) => {
      for (const { node, name, fate, repeats, parent } of (await this.previewFor(run.id, options)).steps) {
        if (parent !== undefined) continue;
        const sum = steps.get(node) ?? { node, name, fates: {}, repeats: 0 };
        steps.set(node, sum);
        sum.fates[fate] = (sum.fates[fate] ?? 0) + 1;
        if (repeats !== undefined) sum.repeats++;
      }
    });
    return { runs: runs.length, more, steps: [...steps.values()], left };
  }

  async restartFailed(workflow: string, request: RestartRequest): Promise<RestartFailed> {
    const { runs, more } = await this.failedRuns(workflow);
    const { done, left } = await this.forEach(runs, request, async (run, options) => {
      await this.previewFor(run.id, options);
      return { run: run.id, id: (await this.means.engine.restart(run.id, options)).id };
    });
    return { restarted: done, left, more };
  }

  private async forEach<T>(
    runs: readonly RunSummary[],
    request: RestartRequest,
    act: (run: RunSummary, options: RestartOptions) => Promise<T>,
  ): Promise<{ done: T[]; left: { run: string; why: string }[] }> {
    const done: T[] = [];
    const left: { run: string; why: string }[] = [];
    for (const run of runs) {
      try {
        done.push(await act(run, await this.optionsFor(run, request)));
      } catch (error) {
        left.push({ run: run.id, why: error instanceof Fault ? error.message : reportOf(error).message });
      }
    }
    return { done, left };
  }

  /** Failed runs that no other one restarts: the newest ones, the oldest of them first. */
  private async failedRuns(workflow: string): Promise<{ runs: RunSummary[]; more: boolean }> {
    await this.means.workspace.get(workflow);
    const filter = { workflowId: workflow, status: ['failed'], notRestarted: true, limit: AT_ONCE };
    const { runs, cursor } = await this.means.engine.runs(filter);
    return { runs: runs.filter(({ cause }) => cause !== 'test').reverse(), more: cursor !== undefined };
  }

  private async ended(id: string): Promise<RunSummary> {
    const run = await this.means.engine.run(id);
    if (!run) throw notFound('run', id);
    if (run.finishedAt === undefined) throw stillOn(run);
    return run;
  }

  private async optionsFor(run: RunSummary, { from, version }: RestartRequest): Promise<RestartOptions> {
    const newest = version === 'newest' ? await newestOf(run, this.means) : {};
    return { ...(from === undefined ? {} : { from }), ...newest };
  }

  /** Throws where the restart cannot be, or would do nothing. */
  private async previewFor(id: string, options: RestartOptions): Promise<RestartPreview> {
    const { engine, workspace } = this.means;
    const preview = await engine.previewRestart(id, options);
    if (preview.triggerIsGone) throw triggerIsGone();
    if (options.from !== undefined) {
      const document = options.document ?? (await workspace.version(preview.version));
      if (!document?.nodes.some((node) => node.id === options.from)) throw notFound('step', options.from);
    } else if (preview.steps.every(({ fate }) => fate === 'reused')) {
      throw nothingToRestart();
    }
    return preview;
  }
}

function stillOn(run: RunSummary): Fault {
  return new Fault({
    kind: 'conflict',
    code: 'run-still-on',
    message: `The run has not ended yet (${run.status}).`,
    remedy: 'Wait for its end, or cancel it first.',
  });
}

function triggerIsGone(): Fault {
  return new Fault({
    kind: 'conflict',
    code: 'trigger-is-gone',
    message: 'The trigger that this run started from is not in the newest version, or is switched off there.',
    remedy: 'Restart the run on its own version, or start a new one.',
  });
}

function nothingToRestart(): Fault {
  return new Fault({
    kind: 'conflict',
    code: 'nothing-to-restart',
    message: 'Every step of this run has ended well, so there is none to go on from.',
    remedy: 'Name the step to start from, such as its trigger to do all of it again.',
  });
}
