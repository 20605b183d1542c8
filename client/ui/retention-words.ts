import { durationMs } from '../../spec/workflow/duration.ts';
import { sizeBytes } from '../../spec/workflow/size.ts';

/** What is wrong with a text that says how long runs are kept; empty is allowed. */
export function ageProblem(text: string): string | undefined {
  if (text === '' || text === 'forever' || durationMs(text) !== undefined) return undefined;
  return 'Write a time such as "30d" or "12h", or "forever"';
}

/** What is wrong with a text that says how much space runs may take; empty is allowed. */
export function sizeProblem(text: string): string | undefined {
  if (text === '' || text === 'unlimited' || sizeBytes(text) !== undefined) return undefined;
  return 'Write a size such as "500 MB" or "2 GB", or "unlimited"';
}
