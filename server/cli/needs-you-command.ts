import type { StepAnswer } from '../../spec/api/runs.ts';
import type { NeedsYouItem } from '../needs-you.ts';
import type { ServerSettings } from '../settings.ts';
import { openBackend } from './backend.ts';
import { CommandError, exit } from './exit.ts';

/** `needs-you`: the questions that runs wait on. */
export async function needsYouCommand(settings: ServerSettings, { json }: { json?: boolean }): Promise<number> {
  const backend = await openBackend(settings, { practice: false });
  try {
    const items = await backend.needsYou();
    const text = json ? JSON.stringify({ items }, null, 2) : items.map(questionLines).join('\n\n');
    process.stdout.write(`${text === '' ? 'Nothing needs you.' : text}\n`);
    return exit.ok;
  } finally {
    await backend.close();
  }
}

const ANSWERS: Readonly<Record<string, StepAnswer['kind']>> = {
  done: 'done',
  'not-done': 'not-done',
  again: 'again',
  approve: 'approved',
  decline: 'declined',
};

export interface AnswerOptions {
  readonly comment?: string;
  readonly call?: string;
  readonly json?: boolean;
}

/** `answer RUN STEP WORD`: ends a wait. Beside a server the run goes on there, else here until it rests. */
export async function answerCommand(
  settings: ServerSettings,
  [run, step, word]: readonly [string, string, string],
  { comment, call, json }: AnswerOptions,
): Promise<number> {
  const kind = Object.hasOwn(ANSWERS, word) ? ANSWERS[word] : undefined;
  if (kind === undefined) {
    throw new CommandError(`"${word}" is no answer. Say one of: ${Object.keys(ANSWERS).join(', ')}.`);
  }
  const backend = await openBackend(settings, { practice: true });
  try {
    const answer = { kind, ...(comment === undefined ? {} : { comment }), ...(call === undefined ? {} : { call }) };
    const status = await backend.answer(run, step, answer);
    const words = status === undefined ? 'The run goes on.' : `The run is now: ${status}.`;
    process.stdout.write(json ? `${JSON.stringify({ run, step, answer: kind, status })}\n` : `Taken. ${words}\n`);
    return exit.ok;
  } finally {
    await backend.close();
  }
}

function questionLines({ run, step }: NeedsYouItem): string {
  const { wait } = step;
  const sent = (wait?.sent?.params ?? []).map(({ label, value }) => `  ${label}: ${oneLine(value)}`);
  const records = (wait?.sent?.records ?? []).map((record) => `  record: ${oneLine(record)}`);
  const more = (wait?.sent?.count ?? 0) - records.length;
  const since = wait?.since === undefined ? [] : [`  since ${new Date(wait.since).toISOString()}, key ${wait.key}`];
  const words = wait?.kind === 'approval' ? 'approve|decline' : 'done|not-done|again';
  return [
    `${run.workflowName}: ${step.name}`,
    `  ${wait?.message ?? step.error?.message ?? 'It waits for somebody to look at it.'}`,
    ...since,
    ...sent,
    ...records,
    ...(records.length > 0 && more > 0 ? [`  and ${more} more`] : []),
    ...(wait === undefined ? [] : [`  sluice answer ${run.id} ${wait.step ?? step.node} ${words}`]),
  ].join('\n');
}

function oneLine(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\s+/g, ' ') : JSON.stringify(value);
}
