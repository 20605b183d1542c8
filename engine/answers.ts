import type { Answer } from './index.ts';
import type { JournalEntry } from './journal.ts';
import type { Run } from './run.ts';

/** What an answer writes into a run; undefined when the step does not wait for such an answer. */
export function entriesForAnswer(run: Run, node: string, answer: Answer, at: number): JournalEntry[] | undefined {
  const step = run.keyOf(node);
  const wait = run.state.steps.get(step)?.wait;
  const woken: JournalEntry = { at, is: 'step-woken', step, outcome: answer };
  switch (answer.kind) {
    case 'approved':
    case 'declined':
      return wait?.kind === 'approval' ? [woken] : undefined;
    case 'called':
      return wait?.kind === 'callback' ? [woken] : undefined;
    default: {
      if (wait?.kind !== 'unknown-outcome') return undefined;
      const outcome = answer.kind === 'done' ? 'done' : 'not-done';
      return [{ at, is: 'effect-outcome', step, key: wait.key, outcome }, woken];
    }
  }
}
