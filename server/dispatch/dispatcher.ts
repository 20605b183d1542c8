import type { Engine, StartedRun } from '../../engine/index.ts';
import type { RunRequest } from '../../engine/ports.ts';
import { Turns } from '../../engine/turns.ts';
import { Fault } from '../fault.ts';
import { type Admission, parallelRuns } from './admission.ts';

/** The one door through which runs are started: it keeps to the workflow's `overlap` and `saveRuns`. */
export class Dispatcher {
  private readonly engine: Engine;
  private readonly admission: Admission;
  /** Where a run that comes depends on those that are there, one is taken on after the other. */
  private readonly turns = new Turns();

  constructor(engine: Engine, admission: Admission) {
    this.engine = engine;
    this.admission = admission;
  }

  /** Rejects with a Fault `overlapping` where the workflow says to skip a run while others are on. */
  start(request: RunRequest): Promise<StartedRun> {
    const { id, settings } = request.document;
    const looksAtOthers = settings.overlap === 'skip' || settings.overlap === 'cancel-older';
    if (!looksAtOthers || request.only !== undefined) return this.startNow(request);
    return this.turns.take(id, () => this.startAmongOthers(request));
  }

  private async startAmongOthers(request: RunRequest): Promise<StartedRun> {
    const { id, settings, name } = request.document;
    // What is repeated starts nothing, so no other has to make way for it.
    if (request.key !== undefined && (await this.engine.knows(request.key))) return this.startNow(request);
    const limit = parallelRuns(settings) ?? Number.POSITIVE_INFINITY;
    const present = this.admission.present(id);
    if (present.length >= limit && settings.overlap === 'skip') throw overlapping(name);
    if (settings.overlap === 'cancel-older') {
      const older = present.slice(0, Math.max(0, present.length - limit + 1));
      for (const runId of older) await this.engine.cancel(runId, 'a newer run');
    }
    return this.startNow(request);
  }

  private startNow(request: RunRequest): Promise<StartedRun> {
    const { settings } = request.document;
    // A caller who gives a key may repeat the call, and is then told of the run that it has started.
    const isAskedFor = request.cause === 'webhook' && request.key !== undefined;
    const isKeptIfFailed = settings.saveRuns === 'failed' && !request.draft && !isAskedFor;
    return this.engine.start(isKeptIfFailed ? { ...request, keepOnlyFailed: true } : request);
  }
}

function overlapping(name: string): Fault {
  return new Fault({
    kind: 'conflict',
    code: 'overlapping',
    message: `"${name}" is running already, and is set to skip a run while another is on.`,
    remedy: 'Wait for the run to end, or change "overlap" in the workflow\'s settings.',
  });
}
