import { setTimeout as wait } from 'node:timers/promises';
import type { ProblemDetails } from '../../spec/api/problem-details.ts';
import type { RestartFailed, RestartFailedPreview, RestartPreview } from '../../spec/api/restart.ts';
import { API } from '../../spec/api/routes.ts';
import type { RunView } from '../../spec/api/run.ts';
import type { StepAnswer } from '../../spec/api/runs.ts';
import type { WorkflowView } from '../../spec/api/workflow.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import type { Problem } from '../../spec/workflow/problem.ts';
import { Fault } from '../fault.ts';
import type { ServerNote } from '../home/home-lock.ts';
import type { Imported } from '../import-workflow.ts';
import type { NeedsYouItem } from '../needs-you.ts';
import type { Backend, FinishedRun, Input, Restart, RestartedRuns } from './backend.ts';

/** How often the end of a run is asked for; grows from the first to the second. Milliseconds. */
const POLL = [50, 1_000] as const;
const KINDS: Readonly<Record<number, Fault['kind']>> = {
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  422: 'invalid',
};
const FINISHED = new Set(['succeeded', 'failed', 'cancelled']);

/** Lets the server that works on the home folder do it. */
export class RemoteBackend implements Backend {
  readonly server: string;
  private readonly note: ServerNote;

  constructor(note: ServerNote) {
    this.note = note;
    this.server = note.url;
  }

  async problems(document: unknown): Promise<Problem[]> {
    return (await this.call<{ problems: Problem[] }>('POST', '/validate', { document })).problems;
  }

  async runDocument(document: unknown, input: Input): Promise<FinishedRun> {
    return this.finish(await this.call<{ id: string }>('POST', '/runs', { document, ...inputOf(input) }));
  }

  async runWorkflow(id: string, input: Input): Promise<FinishedRun> {
    const at = `/workflows/${encodeURIComponent(id)}`;
    const { published } = await this.call<WorkflowView>('GET', at);
    return this.finish(await this.call('POST', `${at}/runs`, { draft: published === null, ...inputOf(input) }));
  }

  previewRestart(run: string, restart: Restart): Promise<RestartPreview> {
    return this.call('GET', `/runs/${encodeURIComponent(run)}/restart?${new URLSearchParams({ ...restart })}`);
  }

  async restart(run: string, restart: Restart): Promise<FinishedRun> {
    return this.finish(await this.call('POST', `/runs/${encodeURIComponent(run)}/restart`, restart));
  }

  previewRestartFailed(workflow: string, restart: Restart): Promise<RestartFailedPreview> {
    const at = `/workflows/${encodeURIComponent(workflow)}/restart-failed`;
    return this.call('GET', `${at}?${new URLSearchParams({ ...restart })}`);
  }

  async restartFailed(workflow: string, restart: Restart): Promise<RestartedRuns> {
    const at = `/workflows/${encodeURIComponent(workflow)}/restart-failed`;
    const { restarted, left } = await this.call<RestartFailed>('POST', at, restart);
    const runs: { run: string; restarted: RunView }[] = [];
    for (const { run, id } of restarted) runs.push({ run, restarted: (await this.finish({ id })).run });
    return { runs, left };
  }

  importDocument(document: unknown, replace: boolean): Promise<Imported> {
    return this.call('POST', `/import?replace=${replace}`, { document });
  }

  async exportWorkflow(id: string): Promise<Workflow> {
    return (await this.call<WorkflowView>('GET', `/workflows/${encodeURIComponent(id)}`)).document;
  }

  async needsYou(): Promise<readonly NeedsYouItem[]> {
    return (await this.call<{ items: NeedsYouItem[] }>('GET', '/needs-you')).items;
  }

  async answer(run: string, step: string, answer: StepAnswer): Promise<undefined> {
    await this.call('POST', `/runs/${encodeURIComponent(run)}/steps/${encodeURIComponent(step)}/answer`, answer);
  }

  async createToken(name: string): Promise<string> {
    return (await this.call<{ token: string }>('POST', '/tokens', { name })).token;
  }

  async close(): Promise<void> {}

  private async finish({ id }: { id: string }): Promise<FinishedRun> {
    let pause: number = POLL[0];
    for (;;) {
      const run = await this.call<RunView>('GET', `/runs/${id}`);
      if (FINISHED.has(run.status)) {
        const { records } = await this.call<{ records: FinishedRun['output'] }>('GET', `/runs/${id}/output`);
        return { run, output: records };
      }
      await wait(pause);
      pause = Math.min(pause * 1.5, POLL[1]);
    }
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.note.url}${API}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.note.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 204) return undefined as T;
    if (response.ok) return (await response.json()) as T;
    const { code, detail, remedy, problems } = (await response.json()) as ProblemDetails;
    throw new Fault({
      kind: KINDS[response.status] ?? 'bad-request',
      code,
      message: detail,
      ...(remedy === undefined ? {} : { remedy }),
      ...(problems === undefined ? {} : { problems }),
    });
  }
}

function inputOf(input: Input): { input?: Input } {
  return input === undefined ? {} : { input };
}
