import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const isLinux = process.platform === 'linux';
const why = isLinux ? '' : ' (skipped: only on Linux has a thread a priority of its own)';

/** Run in a process of its own, whose threads it looks at afterwards: name and niceness (proc(5), field 19 of stat). */
const script = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { goBehindCallers } from './server/behind-callers.ts';
  goBehindCallers();
  const threads = readdirSync('/proc/self/task').map((thread) => {
    const [, name, rest] = /\\((.*)\\) (.*)/.exec(readFileSync('/proc/self/task/' + thread + '/stat', 'utf8'));
    return [name, Number(rest.split(' ')[16])];
  });
  console.log(JSON.stringify(threads));
`;

it.skipIf(!isLinux)(`lets callers go before a thread and what V8 does for it beside${why}`, () => {
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const threads = JSON.parse(out) as [name: string, niceness: number][];
  const isBackground = ([name]: [string, number]) => name.startsWith('V8Worker');
  expect(threads.filter(isBackground).length).toBeGreaterThan(0);
  for (const [, niceness] of threads.filter(isBackground)) expect(niceness).toBe(10);
  expect(threads.filter(([, niceness]) => niceness === 0).length).toBeGreaterThan(0);
});
