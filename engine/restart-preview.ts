import { isDeepStrictEqual } from 'node:util';
import type { RestartPreview, RestartStep } from '../spec/api/restart.ts';
import { madeCalls } from './made-calls.ts';
import type { Plan, PlannedNode } from './plan.ts';
import type { BlobStore } from './ports.ts';
import { failedRounds, fatesOf, type OldRun } from './restart-plan.ts';
import type { RoundsState, StepState } from './run-state.ts';
import { isOfInner } from './step-key.ts';
import { type Tally, tallyOf } from './tally.ts';

/** What a restart would do, step by step, in words for a person. */
export function previewOf(
  old: OldRun,
  plan: Plan,
  version: string,
  from: string | undefined,
  blobs: BlobStore,
): RestartPreview {
  const fates = fatesOf(old, plan, plan.top, '', from);
  const steps: RestartStep[] = [];
  for (const planned of plan.nodes.values()) {
    if (planned.trigger) continue;
    const outermost = outermostOf(plan, planned);
    const fate = fates.get(outermost.id) ?? 'first';
    const step = outermost === planned ? old.state.steps.get(planned.id) : undefined;
    const note = step && noteOn(fate, planned, step, blobs);
    const repeats = fate === 'redone' ? repeated(old, planned, blobs) : undefined;
    const { parent } = planned.node;
    steps.push({
      node: planned.id,
      name: planned.name,
      fate,
      ...(parent === undefined ? {} : { parent }),
      effect: planned.effect,
      isNew: !old.plan.nodes.has(planned.id),
      isChanged: isChanged(old.plan.nodes.get(planned.id), planned),
      ...(note === undefined ? {} : { note }),
      ...(repeats === undefined ? {} : { repeats }),
    });
  }
  const gone = [...old.plan.nodes.values()].filter(({ id, trigger }) => !trigger && !plan.nodes.has(id));
  const started = plan.nodes.get(old.state.header.trigger);
  return {
    version,
    steps,
    gone: gone.map(({ id, name }) => ({ node: id, name })),
    triggerIsGone: !started?.trigger || started.node.disabled === true,
  };
}

function isChanged(before: PlannedNode | undefined, now: PlannedNode): boolean {
  if (!before) return false;
  const { name: _a, ...was } = before.node;
  const { name: _b, ...is } = now.node;
  return !isDeepStrictEqual(was, is);
}

function outermostOf(plan: Plan, planned: PlannedNode): PlannedNode {
  const container = planned.node.parent === undefined ? undefined : plan.nodes.get(planned.node.parent);
  return container ? outermostOf(plan, container) : planned;
}

function noteOn(
  fate: RestartStep['fate'],
  planned: PlannedNode,
  step: StepState,
  blobs: BlobStore,
): string | undefined {
  if (fate === 'reused') return step.status === 'skipped' ? undefined : keptWords(step);
  if (fate !== 'goes-on') return undefined;
  return step.rounds ? roundsWords(step.rounds) : callsWords(planned, step, blobs);
}

function keptWords({ out }: StepState): string {
  const count = Object.values(out).reduce((sum, ref) => sum + ref.count, 0);
  return `Its result is kept: ${counted(count, 'record')}.`;
}

function roundsWords(rounds: RoundsState): string {
  const failed = failedRounds(rounds).length;
  const done = rounds.done - failed;
  const rest = rounds.total === undefined ? undefined : rounds.total - done;
  const kept = done === 0 ? 'No round had ended well.' : `${counted(done, 'round')} ended well and ${are(done)} kept.`;
  return rest === undefined
    ? `${kept} It goes on after the last one.`
    : `${kept} It goes on with the other ${grouped(rest)}.`;
}

function callsWords(planned: PlannedNode, step: StepState, blobs: BlobStore): string {
  const stretches = doneIn(step, blobs);
  const done = stretches.reduce((sum, [, count]) => sum + count, 0);
  const open = (step.unsettled ?? []).filter(({ outcome }) => outcome === undefined);
  const words: string[] = [];
  if (done > 0) words.push(`${positions(stretches)} of ${grouped(step.in)} ${are(done)} done and not repeated.`);
  const rest = step.in - done;
  if (rest > 0)
    words.push(done > 0 ? `It goes on with the other ${grouped(rest)}.` : 'It starts with the first record.');
  if (open.length > 0)
    words.push(
      doubtWords(
        open.map(({ start, count }) => [start, count]),
        planned.node.unknownOutcome,
      ),
    );
  return words.join(' ');
}

function doubtWords(open: readonly Stretch[], policy = 'ask'): string {
  const what = positions(open);
  const [is, it] = open.length === 1 && open[0]?.[1] === 1 ? ['is', 'it is'] : ['are', 'they are'];
  if (policy === 'assume-done') return `${what} ${is} in doubt and taken for done.`;
  if (policy === 'repeat') return `${what} ${is} in doubt and done again, as the step is set to.`;
  return `What became of ${what.toLowerCase()} is not known: unless the service can say, you are asked before ${it} done.`;
}

type Stretch = readonly [start: number, count: number];

/** Input positions whose calls were made, neighbours put together. */
function doneIn(step: StepState, blobs: BlobStore): Stretch[] {
  const calls: Stretch[] = [];
  for (const { start, count } of madeCalls(step.made, blobs)) calls.push([start, count]);
  for (const { start, count, outcome } of step.unsettled ?? []) if (outcome === 'done') calls.push([start, count]);
  const stretches: [number, number][] = [];
  for (const [start, count] of calls.sort((a, b) => a[0] - b[0])) {
    const last = stretches.at(-1);
    if (last && last[0] + last[1] >= start) last[1] = Math.max(last[1], start + count - last[0]);
    else stretches.push([start, count]);
  }
  return stretches;
}

/** Stretches that are spelt out. */
const SPELT = 4;

/** "Record 3", "Records 1 to 499 and 502", "Records 1 to 3 and 812 more". */
function positions(stretches: readonly Stretch[]): string {
  const spelt = stretches.slice(0, SPELT).map(([start, count]) => {
    return count === 1 ? grouped(start + 1) : `${grouped(start + 1)} to ${grouped(start + count)}`;
  });
  const more = stretches.slice(SPELT).reduce((sum, [, count]) => sum + count, 0);
  if (more > 0) spelt.push(`${grouped(more)} more`);
  const last = spelt.pop() ?? '';
  const isOne = stretches.length === 1 && stretches[0]?.[1] === 1;
  return `${isOne ? 'Record' : 'Records'} ${spelt.length > 0 ? `${spelt.join(', ')} and ` : ''}${last}`;
}

/** What a step that starts anew has done outside already. */
function repeated(old: OldRun, planned: PlannedNode, blobs: BlobStore): string | undefined {
  if (planned.effect !== 'once' && planned.effect !== 'idempotent') return undefined;
  const did = didOutside(old, planned, blobs);
  if (did === 0) return undefined;
  return planned.effect === 'once'
    ? `It acted outside for ${counted(did, 'record')} in the run before, and does so a second time.`
    : `It writes ${counted(did, 'record')} that it has written before; the service takes them for the same ones.`;
}

/** Records that its calls were made for, in all rounds if it stands in a container. */
function didOutside({ state }: OldRun, { id, node }: PlannedNode, blobs: BlobStore): number {
  const own = (step: StepState): number => {
    if (step.status === 'succeeded' && step.made === undefined) return step.reused ? 0 : accepted(tallyOf(step));
    return doneIn(step, blobs).reduce((sum, [, count]) => sum + count, 0) + (step.unsettled?.length ?? 0);
  };
  const step = state.steps.get(id);
  if (node.parent === undefined) return step ? own(step) : 0;
  let did = 0;
  for (const [key, inner] of state.steps) {
    if (isOfInner(key, id)) did += own(inner);
    did += accepted(inner.rounds?.tallies[id]);
  }
  return did;
}

/** Records that the service did not refuse. */
function accepted(tally: Tally | undefined): number {
  return tally ? tally.in - (tally.out.rejected ?? 0) : 0;
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
