import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Niceness of what works in the background: whoever calls the server goes first, however busy the machine is. */
const BEHIND_CALLERS = 10;

/**
 * Puts this thread behind the one that callers talk to, and with it the threads in which V8 compiles and collects garbage for all: a large
 * step keeps them busy. Only on Linux have threads priorities of their own; elsewhere it would be the whole process's.
 */
export function goBehindCallers(): void {
  if (process.platform !== 'linux') return;
  setPriority(BEHIND_CALLERS);
  for (const thread of readdirSync('/proc/self/task')) {
    if (readFileSync(`/proc/self/task/${thread}/comm`, 'utf8').startsWith('V8Worker')) {
      setPriority(Number(thread), BEHIND_CALLERS);
    }
  }
}
