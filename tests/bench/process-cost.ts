import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a process of this machine has used, as the operating system counts it. */

/** Resident memory now, in megabytes. */
export function residentMegabytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) / 1024;
}

/** Processor time so far, in milliseconds; undefined where there is no `/proc`. Counted in ticks of ten milliseconds. */
export function processorTime(pid: number): number | undefined {
  try {
    // The name in parentheses may hold anything; what follows it is plain fields, the 12th and 13th of which are the times.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}
