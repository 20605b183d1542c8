import type { Answer } from './index.ts';
import type { JournalEntry } from './journal.ts';
import { callWords } from './ledger.ts';
import type { Run } from './run.ts';
import { nodeOf } from './step-key.ts';

const SAID = {
  done: 'said that it was done, so it is not made again',
  'not-done': 'said that it was not done, so it is made again',
  again: 'let it be made again',
} as const;

/** What an answer writes into a run; undefined when the step does not wait for such an answer. */
export function entriesForAnswer(run: Run, node: string, answer: Answer, at: number): JournalEntry[] | undefined {
  const step = stepFor(run, node, answer);
  const wait = run.state.steps.get(step)?.wait;
  const woken: JournalEntry = { at, is: 'step-woken', step, outcome: answer };
  switch (answer.kind) {
    case 'approved':
    case 'declined':
      return wait?.kind === 'approval' ? [woken] : undefined;
    case 'called':
      return wait?.kind === 'callback' ? [woken] : undefined;
    default: {
      if (wait?.kind !== 'unknown-outcome' || (answer.call !== undefined && answer.call !== wait.key)) return undefined;
      const outcome = answer.kind === 'done' ? 'done' : 'not-done';
      const decision = { by: answer.by, said: answer.kind };
      const message = `${answer.by} ${SAID[answer.kind]} (the call for ${callWords(wait)}).`;
      return [
        { at, is: 'log', line: { at, node: nodeOf(step), level: 'info', message } },
        { at, is: 'effect-outcome', step, key: wait.key, outcome, decision },
        woken,
      ];
    }
  }
}

/** The step that an answer is for: of those in rounds the one that asks about the very call, if the answer names one. */
function stepFor(run: Run, node: string, answer: Answer): string {
  const call = 'call' in answer ? answer.call : undefined;
  for (const [key, { wait }] of call === undefined ? [] : run.state.steps) {
    const asks = wait?.kind === 'unknown-outcome' && wait.key === call;
    if (asks && (key === node || nodeOf(key) === node)) return key;
  }
  return run.keyOf(node);
}
