import type { RestartFailedPreview, RestartPreview } from '../../spec/api/restart.ts';
import type { RunStatus, RunView } from '../../spec/api/run.ts';
import type { StepAnswer } from '../../spec/api/runs.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import type { Problem } from '../../spec/workflow/problem.ts';
import type { Imported } from '../import-workflow.ts';
import type { NeedsYouItem } from '../needs-you.ts';
import type { ServerSettings } from '../settings.ts';
import { runningServer } from './running-server.ts';

export interface FinishedRun {
  readonly run: RunView;
  /** Records of the steps that nothing follows. */
  readonly output: readonly Record<string, unknown>[];
}

/** What the commands need done: by the server that works on the home folder, or in this process when there is none. */
export interface Backend {
  problems(document: unknown): Promise<Problem[]>;
  /** Runs a document that is not saved, to its end. */
  runDocument(document: unknown, input: Input): Promise<FinishedRun>;
  /** Runs what is published of a workflow, or its draft if nothing is. */
  runWorkflow(id: string, input: Input): Promise<FinishedRun>;
  previewRestart(run: string, restart: Restart): Promise<RestartPreview>;
  /** Restarts a run, and sees it to its end. */
  restart(run: string, restart: Restart): Promise<FinishedRun>;
  previewRestartFailed(workflow: string, restart: Restart): Promise<RestartFailedPreview>;
  restartFailed(workflow: string, restart: Restart): Promise<RestartedRuns>;
  importDocument(document: unknown, replace: boolean): Promise<Imported>;
  exportWorkflow(id: string): Promise<Workflow>;
  needsYou(): Promise<readonly NeedsYouItem[]>;
  /** Ends the wait of a step. Gives what came of the run where it goes on in this process. */
  answer(run: string, step: string, answer: StepAnswer): Promise<RunStatus | undefined>;
  createToken(name: string): Promise<string>;
  /** Answers that the server gives of itself, or `undefined` without one. */
  readonly server: string | undefined;
  close(): Promise<void>;
}

export interface Restart {
  readonly from?: string;
  readonly version: 'same' | 'newest';
}

/** Runs that were restarted, with what became of them, and those that could not be. */
export interface RestartedRuns {
  readonly runs: readonly { readonly run: string; readonly restarted: RunView }[];
  readonly left: readonly { readonly run: string; readonly why: string }[];
}

export type Input = readonly Record<string, unknown>[] | undefined;

export interface BackendOptions {
  /** Whether practice services are wanted if the work is done here. */
  readonly practice: boolean;
}

export async function openBackend(settings: ServerSettings, options: BackendOptions): Promise<Backend> {
  const note = await runningServer(settings.home);
  if (note) {
    const { RemoteBackend } = await import('./remote-backend.ts');
    return new RemoteBackend(note);
  }
  const { openLocalBackend } = await import('./local-backend.ts');
  return openLocalBackend(settings, options);
}
