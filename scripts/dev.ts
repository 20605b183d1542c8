import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** For work on Sluice itself: the server starts anew when its sources change, the client reloads in the browser. */
const root = join(import.meta.dirname, '..');
const run = (...args: string[]) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });

const children = [
  run('--watch', 'server/cli/main.ts', 'start'),
  run(join(root, 'node_modules', 'vite', 'bin', 'vite.js'), '--clearScreen', 'false'),
];
const stop = () => {
  for (const child of children) child.kill();
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
for (const child of children) child.on('exit', stop);
