import type { StepStatus, StepView } from '../spec/api/run.ts';
import { callWords } from './ledger.ts';
import type { Plan, PlannedNode } from './plan.ts';
import { isOver, keysInside, type RoundsState, type RunState, type StepState } from './run-state.ts';
import { nodeOf, roundIn } from './step-key.ts';
import { sumOf, type Tally, tallyOf } from './tally.ts';

export function stepView(
  state: RunState,
  node: { id: string; name: string; type: string },
  progress?: { done: number; total?: number },
): StepView {
  const step = state.steps.get(node.id);
  const base = { node: node.id, name: node.name, type: node.type };
  if (!step) return { ...base, status: 'pending', attempts: 0, in: 0, out: {}, tries: [] };
  return {
    ...base,
    status: step.status,
    attempts: step.attempts,
    in: step.in,
    out: countsOf(step.out),
    ...(step.startedAt === undefined ? {} : { startedAt: step.startedAt }),
    ...(step.finishedAt === undefined ? {} : { finishedAt: step.finishedAt }),
    ...(step.error === undefined ? {} : { error: step.error }),
    tries: step.tries.map((one) => ({ ...one })),
    ...(step.reused ? { reused: true } : {}),
    ...unsettledView(step),
    ...(progress && step.status === 'running' ? { progress } : {}),
    ...(step.wait === undefined || step.wait.kind === 'rounds' ? {} : { wait: waitView(step.wait) }),
    ...(step.rounds === undefined ? {} : { rounds: roundsView(step.rounds) }),
  };
}

/** The steps that wait for a person, each by itself also where several rounds ask; `wait.step` has the keys of those. */
export function questionsOf(state: RunState, plan: Plan): StepView[] {
  const found: StepView[] = [];
  for (const [key, { wait }] of state.steps) {
    if (wait?.kind !== 'approval' && wait?.kind !== 'unknown-outcome') continue;
    const planned = plan.nodes.get(nodeOf(key));
    if (!planned) continue;
    const { id, name, node } = planned;
    const view = stepView(state, { id: key, name, type: node.type });
    const { parent } = node;
    const inside = parent === undefined ? {} : { parent, wait: { ...waitView(wait), step: key } };
    found.push({ ...view, node: id, ...inside });
  }
  return found;
}

function countsOf(out: StepState['out']): Record<string, number> {
  return Object.fromEntries(Object.entries(out).map(([port, { count }]) => [port, count]));
}

function unsettledView({ unsettled = [] }: StepState): Pick<StepView, 'unsettled'> {
  const open = unsettled.filter(({ outcome }) => outcome === undefined);
  return open.length === 0 ? {} : { unsettled: open.map(({ start, count, key }) => ({ start, count, key })) };
}

type ShownWait = Exclude<NonNullable<StepState['wait']>, { kind: 'rounds' }>;

function waitView(wait: ShownWait): NonNullable<StepView['wait']> {
  switch (wait.kind) {
    case 'until':
      return { kind: 'until', until: wait.at };
    case 'approval':
      return { ...wait, people: [...wait.people] };
    case 'run':
      return wait;
    case 'unknown-outcome':
      return {
        kind: 'unknown-outcome',
        key: wait.key,
        message: `The call for ${callWords(wait)} is in doubt: ${wait.said ?? 'Sluice stopped while it was under way.'}`,
        ...(wait.since === undefined ? {} : { since: wait.since }),
        ...(wait.sent === undefined
          ? {}
          : { sent: { params: [...wait.sent.params], records: [...wait.sent.records], count: wait.count } }),
      };
    default:
      return { kind: wait.kind, ...(wait.until === undefined ? {} : { until: wait.until }) };
  }
}

function roundsView({ done, total, failed }: RoundsState): NonNullable<StepView['rounds']> {
  return { done, failed, ...(total === undefined ? {} : { total }) };
}

/** The row of a node inside a container: all its steps added up, those of live rounds and those that are folded. */
export function innerStepView(state: RunState, plan: Plan, { id, name, node }: PlannedNode): StepView {
  const parent = node.parent ?? '';
  const { live, folded } = instancesOf(state, plan, id);
  let sum = folded;
  for (const [, step] of live) sum = sumOf(sum, tallyOf(step));
  const base = { node: id, name, type: node.type, parent };
  if (!sum) {
    const over = outermostOf(state, plan, id);
    return { ...base, status: over && isOver(over) ? 'skipped' : 'pending', attempts: 0, in: 0, out: {}, tries: [] };
  }
  const waiting = live.find(([, step]) => step.wait && step.wait.kind !== 'rounds');
  const wait = waiting?.[1].wait;
  const ended = sum.succeeded + sum.failed + sum.skipped + sum.cancelled;
  const total = state.steps.get(parent)?.rounds?.total;
  return {
    ...base,
    status: statusOf(live, sum, outermostOf(state, plan, id)),
    attempts: sum.attempts,
    in: sum.in,
    out: { ...sum.out },
    ...(sum.startedAt === undefined ? {} : { startedAt: sum.startedAt }),
    ...(sum.finishedAt === undefined ? {} : { finishedAt: sum.finishedAt }),
    ...(sum.error === undefined ? {} : { error: sum.error }),
    tries: [],
    ...(waiting && wait && wait.kind !== 'rounds' ? { wait: { ...waitView(wait), step: waiting[0] } } : {}),
    rounds: sum.rounds ?? { done: ended, failed: sum.failed, ...(total === undefined ? {} : { total }) },
  };
}

/** Steps of a node that are listed one by one. */
const LISTED = 50;

type StepInRound = NonNullable<StepView['inRounds']>[number];

/** The steps inside containers that are written down one by one, by node; of more than are listed, those that failed or are under way. */
export function stepsInRounds(state: RunState): Map<string, StepInRound[]> {
  const byNode = new Map<string, StepInRound[]>();
  for (const [step, { status, attempts, out, error }] of state.steps) {
    const node = nodeOf(step);
    if (node === step) continue;
    const list = byNode.get(node) ?? [];
    list.push({ step, status, attempts, out: countsOf(out), ...(error ? { error } : {}) });
    byNode.set(node, list);
  }
  for (const [node, list] of byNode) {
    const isCalm = ({ status }: StepInRound) => Number(status === 'succeeded' || status === 'skipped');
    const listed = list.length > LISTED ? list.toSorted((a, b) => isCalm(a) - isCalm(b)).slice(0, LISTED) : list;
    byNode.set(
      node,
      listed.toSorted((a, b) => byRounds(a.step, b.step)),
    );
  }
  return byNode;
}

/** Keys in the order of their rounds: `loop/2/read` before `loop/10/read`. */
function byRounds(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** Steps of a node in rounds that have not been folded, and the tally of those that have. */
function instancesOf(
  state: RunState,
  plan: Plan,
  node: string,
): { live: [key: string, step: StepState][]; folded: Tally | undefined } {
  const [outermost = node, ...inner] = [...containersOf(plan, node), node];
  let live: [string, StepState][] = found(state, [outermost]);
  let folded: Tally | undefined;
  for (const next of inner) {
    const keys: string[] = [];
    for (const [key, container] of live) {
      const tally = container.rounds?.tallies[node];
      if (tally) folded = sumOf(folded, tally);
      for (const round of liveRounds(state, key, container)) keys.push(`${key}/${round}/${next}`);
    }
    live = found(state, keys);
  }
  return { live, folded };
}

function found(state: RunState, keys: readonly string[]): [string, StepState][] {
  return keys.flatMap((key): [string, StepState][] => {
    const step = state.steps.get(key);
    return step ? [[key, step]] : [];
  });
}

/** The containers that a node stands in, the outermost first. */
function containersOf(plan: Plan, node: string): string[] {
  const parent = plan.nodes.get(node)?.node.parent;
  return parent === undefined ? [] : [...containersOf(plan, parent), parent];
}

function outermostOf(state: RunState, plan: Plan, node: string): StepState | undefined {
  return state.steps.get(containersOf(plan, node)[0] ?? node);
}

const BUSY: readonly StepStatus[] = ['needs-you', 'running', 'retrying', 'waiting'];

/** What most wants to be seen: what is under way, else how it ended. */
function statusOf(live: readonly [string, StepState][], sum: Tally, outermost: StepState | undefined): StepStatus {
  const busy = BUSY.find((status) => live.some(([, step]) => step.status === status));
  if (busy) return busy;
  if (outermost && !isOver(outermost)) return sum.succeeded + sum.failed > 0 ? 'running' : 'pending';
  if (sum.failed > 0 && outermost?.status !== 'succeeded') return 'failed';
  if (sum.succeeded > 0) return 'succeeded';
  if (sum.failed > 0) return 'failed';
  return sum.cancelled > 0 ? 'cancelled' : 'skipped';
}

function liveRounds(state: RunState, key: string, { rounds }: StepState): Set<number> {
  const found = new Set<number>();
  for (const inner of keysInside(state, key)) found.add(roundIn(key, inner));
  for (const round of rounds?.kept ?? []) found.delete(round);
  return found;
}
