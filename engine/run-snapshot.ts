import type { DataRecord } from '../spec/workflow/record.ts';
import type { RunHeader } from './journal.ts';
import type { RunState, StepState } from './run-state.ts';

/** A step as it is kept: without what its own times tell where it had but one try, and no wait. */
type KeptStep = Omit<StepState, 'calls' | 'done' | 'tries' | 'outcomes' | 'out'> &
  Partial<Pick<StepState, 'tries' | 'outcomes' | 'out'>> & {
    /** The port that gave what the run was given, which stands with its input. */
    given?: string;
  };

/**
 * The finished run as text, and back: what the store keeps once the journal is folded. Of a run that succeeded, the store has what its nodes
 * remembered elsewhere by then; how far it read is told to a restart. `given` is what the run was given, the very same records.
 */
export function encodeState(state: RunState, given: readonly DataRecord[]): string {
  const steps: [string, KeptStep][] = [];
  for (const [key, step] of state.steps) {
    const kept = state.status === 'succeeded' ? withoutLists(step) : step;
    steps.push([key, keptStep(kept, key === state.header.trigger ? portThatGave(step.out, given) : undefined)]);
  }
  const memory = state.status === 'succeeded' ? { '': state.memory[''] } : state.memory;
  return JSON.stringify({ ...state, header: undefined, steps, memory });
}

/** What it has added to lists over runs is there by then. */
function withoutLists(whole: StepState): StepState {
  if (!whole.added && !whole.rounds?.added) return whole;
  const { added, ...step } = whole;
  if (!step.rounds?.added) return step;
  const { added: inside, ...rounds } = step.rounds;
  return { ...step, rounds };
}

function keptStep({ calls, done, tries, outcomes, out, ...step }: StepState, given: string | undefined): KeptStep {
  const isPlain = isPlainTry(step, tries) && outcomes.length === 0;
  return { ...step, ...(given === undefined ? { out } : { given }), ...(isPlain ? {} : { tries, outcomes }) };
}

function portThatGave(out: StepState['out'], given: readonly DataRecord[]): string | undefined {
  const [port, another] = Object.keys(out);
  const ref = port === undefined || another !== undefined ? undefined : out[port];
  return ref && 'inline' in ref && ref.inline.records === given ? port : undefined;
}

function isPlainTry(
  { startedAt, finishedAt }: Pick<StepState, 'startedAt' | 'finishedAt'>,
  tries: StepState['tries'],
): boolean {
  const [only] = tries;
  return (
    tries.length === 1 &&
    only?.attempt === 1 &&
    only.startedAt === startedAt &&
    only.finishedAt === finishedAt &&
    only.error === undefined
  );
}

export function decodeState(header: RunHeader, text: string, given: readonly DataRecord[]): RunState {
  const kept = JSON.parse(text) as Omit<RunState, 'header' | 'steps'> & { steps: [string, KeptStep][] };
  const steps = new Map(kept.steps.map(([key, step]): [string, StepState] => [key, stepFrom(step, given)]));
  return { ...kept, memory: kept.memory ?? {}, header, steps };
}

function stepFrom(
  { tries, outcomes = [], out = {}, given: port, ...step }: KeptStep,
  given: readonly DataRecord[],
): StepState {
  const kept = port === undefined ? out : { [port]: { count: given.length, inline: { records: given } } };
  return { ...step, out: kept, outcomes, tries: tries ?? [plainTry(step)] };
}

function plainTry({
  startedAt = 0,
  finishedAt,
}: Pick<KeptStep, 'startedAt' | 'finishedAt'>): StepState['tries'][number] {
  return { attempt: 1, startedAt, ...(finishedAt === undefined ? {} : { finishedAt }) };
}
