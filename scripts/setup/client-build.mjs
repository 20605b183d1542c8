import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError, say } from './say.mjs';
import { hashOf } from './sources.mjs';

const out = join(root, 'dist', 'client');
const stamp = join(out, '.built-from');

/** Builds the client into `dist/client` when its sources are not those that it was built from. */
export async function buildClient(node) {
  if (!existsSync(join(root, 'client', 'index.html'))) return;
  const wanted = hashOf(['client', 'spec', 'vite.config.ts', 'package-lock.json']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Building the client ...');
  // Built aside and swapped in, so that a broken-off build is never served.
  const next = join(root, 'dist', 'client-next');
  await vite(node, ['build', '--outDir', next, '--emptyOutDir', '--logLevel', 'warn']);
  writeFileSync(join(next, '.built-from'), wanted);
  rmSync(out, { recursive: true, force: true });
  renameSync(next, out);
}

async function vite(node, args) {
  const child = spawn(node, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new SetupError(`${output.trim()}\n\nThe client could not be built; the lines above say why.`);
}
