import type { Answer, Engine } from '../engine/index.ts';
import type { RunStatus, RunSummary, StepView } from '../spec/api/run.ts';
import type { StepAnswer } from '../spec/api/runs.ts';
import type { Caller } from './auth/caller.ts';
import { Fault, notFound } from './fault.ts';

/** What waits for a person, and the person's word: for the API and the command line alike. */

export interface NeedsYouItem {
  readonly run: RunSummary;
  readonly step: StepView;
}

/** Runs that are looked through at once, and at most in all. */
const PAGE = 200;
const MOST = 1_000;

/** The questions of all runs that have not ended, of the newest run first. A run may ask while other branches of it go on. */
export async function needsYou(engine: Engine): Promise<NeedsYouItem[]> {
  const items: NeedsYouItem[] = [];
  for (const status of ['needs-you', 'running'] as const) {
    for await (const run of runsOf(engine, status)) {
      const steps = await engine.questions(run.id);
      for (const step of steps) items.push({ run, step });
    }
  }
  return items.sort((a, b) => b.run.createdAt - a.run.createdAt);
}

async function* runsOf(engine: Engine, status: RunStatus): AsyncGenerator<RunSummary> {
  let cursor: string | undefined;
  for (let seen = 0; seen < MOST; seen += PAGE) {
    const page = await engine.runs({ status: [status], limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.runs;
    cursor = page.cursor;
    if (cursor === undefined) return;
  }
}

/**
 * Ends the wait of a step, named by its id or its name; one inside a container also by its key, such as `loop/3/ask`, where several rounds ask.
 * @throws Fault `not-found`, `forbidden` when other people are asked, `conflict` when the step does not ask that (any more)
 */
export async function answerStep(
  engine: Engine,
  { run: runId, step: named }: { readonly run: string; readonly step: string },
  { kind, comment, call }: StepAnswer,
  caller: Caller | undefined,
): Promise<void> {
  const run = await engine.run(runId);
  if (!run) throw notFound('run', runId);
  const whole = run.steps.find(({ node }) => node === named) ?? run.steps.find(({ name }) => name === named);
  const step = whole ?? run.steps.find(({ node }) => named.endsWith(`/${node}`));
  if (!step) throw notFound('step', named);
  const questions = (await engine.questions(runId)).filter(({ node }) => node === step.node);
  const isMeant = (wait: StepView['wait']) => (whole ? call === undefined || wait?.key === call : wait?.step === named);
  const wait = questions.find((question) => isMeant(question.wait))?.wait;
  if (!isAsked(caller, wait?.people)) throw notAsked();
  const by = caller?.name ?? 'somebody';
  const answer: Answer =
    kind === 'approved' || kind === 'declined'
      ? { kind, by, ...(comment === undefined ? {} : { comment }) }
      : { kind, by, ...(call === undefined ? {} : { call }) };
  if (!(await engine.answer(runId, wait?.step ?? (whole ? step.node : named), answer))) throw notWaiting(step);
}

/** Where people are named, they alone decide, and administrators for them. */
function isAsked(caller: Caller | undefined, people: readonly string[] = []): boolean {
  if (people.length === 0 || caller?.role === 'admin') return true;
  const names = [caller?.email, caller?.name].map((name) => name?.toLowerCase());
  return people.some((person) => names.includes(person.toLowerCase()));
}

function notAsked(): Fault {
  return new Fault({
    kind: 'forbidden',
    code: 'not-asked',
    message: 'This decision is not yours: other people are asked.',
    remedy: 'Tell one of them, or an administrator.',
  });
}

function notWaiting({ name, wait }: StepView): Fault {
  const asks =
    wait?.kind === 'approval'
      ? 'It asks for an approval: approve or decline.'
      : wait?.kind === 'unknown-outcome'
        ? 'It asks what came of a call, by now perhaps of another one: done, not done or again.'
        : 'Look at the run; somebody else may have answered.';
  return new Fault({
    kind: 'conflict',
    code: 'not-waiting',
    message: `"${name}" does not wait for such an answer (any more).`,
    remedy: asks,
  });
}
