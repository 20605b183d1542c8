import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunEvent, RunSummary, RunView, StepView } from '../../spec/api/run.ts';

export interface RunState {
  /** The run that the canvas shows. */
  readonly run: RunSummary | undefined;
  readonly steps: Readonly<Record<string, StepView>>;
  /** The step that the run is about, with those inside it; what other steps did before stays shown. */
  readonly only: ReadonlySet<string> | undefined;
  /** The run was there before the canvas was opened: what is shown of it is history, and keeps nobody from starting another. */
  readonly earlier: boolean;
  /** Shows this run from now on; its events may have come before. */
  follow(runId: string, only?: ReadonlySet<string>): void;
  receive(event: RunEvent): void;
  /** Shows a run of before, unless there is one to follow already. */
  recall(run: RunView): void;
  /** The whole run as the server knows it. */
  show(run: RunView): void;
  clear(): void;
}

export type RunStore = StoreApi<RunState & { readonly followed: string | undefined }>;

/** Live state of one run for the canvas. Steps replace each other only by newer state, however events and answers overtake each other. */
export function createRunStore(): RunStore {
  return createStore<RunState & { followed: string | undefined }>()((set, get) => ({
    followed: undefined,
    only: undefined,
    earlier: false,
    run: undefined,
    steps: {},

    follow(runId, only) {
      if (get().followed === runId) return;
      const steps = only === undefined ? {} : withoutSteps(get().steps, only);
      set({ followed: runId, only, earlier: false, run: undefined, steps });
    },

    recall(run) {
      if (get().followed !== undefined) return;
      set({ followed: run.id, earlier: true });
      get().show(run);
    },

    receive(event) {
      const { followed, only, steps, run } = get();
      if (event.kind === 'run' && event.run.id === followed) set({ run: newerRun(run, event.run) });
      if (event.kind === 'step' && event.runId === followed && concerns(event.step, only))
        set({ steps: withStep(steps, event.step) });
    },

    show({ steps: given, ...run }) {
      if (get().followed !== run.id) return;
      set((state) => ({
        run: newerRun(state.run, run),
        steps: given.filter((step) => concerns(step, state.only)).reduce(withStep, state.steps),
      }));
    },

    clear() {
      set({ followed: undefined, only: undefined, earlier: false, run: undefined, steps: {} });
    },
  }));
}

/** The run that the canvas shows is under way, so that no other is started; one from before that only waits is not. */
export function isUnderWay({
  run,
  followed,
  earlier,
}: Pick<RunState, 'run' | 'earlier'> & { followed: string | undefined }): boolean {
  if (followed === undefined) return false;
  if (run === undefined) return true;
  return !isOver(run) && !(earlier && (run.status === 'waiting' || run.status === 'needs-you'));
}

export function isOver(run: Pick<RunSummary, 'status'>): boolean {
  return run.status === 'succeeded' || run.status === 'failed' || run.status === 'cancelled';
}

function concerns(step: StepView, only: ReadonlySet<string> | undefined): boolean {
  return only === undefined || only.has(step.node);
}

function withoutSteps(steps: RunState['steps'], ids: ReadonlySet<string>): RunState['steps'] {
  return Object.fromEntries(Object.entries(steps).filter(([id]) => !ids.has(id)));
}

function newerRun(known: RunSummary | undefined, next: RunSummary): RunSummary {
  return known && isOver(known) && !isOver(next) ? known : next;
}

function withStep(steps: RunState['steps'], step: StepView): RunState['steps'] {
  const known = steps[step.node];
  return known && isOlder(step, known) ? steps : { ...steps, [step.node]: step };
}

function isOlder(step: StepView, known: StepView): boolean {
  if (step.attempts !== known.attempts) return step.attempts < known.attempts;
  return known.finishedAt !== undefined && step.finishedAt === undefined;
}
