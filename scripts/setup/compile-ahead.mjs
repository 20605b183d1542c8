import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCache } from './compile-cache.mjs';
import { root, say } from './say.mjs';
import { hashOf } from './sources.mjs';

/**
 * Starts the server once on an empty home folder and stops it, when its sources are not those that were compiled. So the real one starts in
 * half the time, and without what takes the types out of TypeScript, 20 MB that stay. One that does not start says why when it is meant.
 */
export async function compileServer(node, cache = compileCache) {
  const stamp = join(cache, '.made-from');
  const wanted = hashOf(['spec', 'sdk', 'engine', 'nodes', 'server', 'package-lock.json']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Compiling the server ...');
  if (await startsAndStops(node, cache)) writeFileSync(stamp, wanted);
}

async function startsAndStops(node, cache) {
  const home = mkdtempSync(join(tmpdir(), 'sluice-compile-'));
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('SLUICE_'));
  const child = spawn(node, [join(root, 'server', 'cli', 'main.ts'), 'start'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...Object.fromEntries(own),
      HOST: '127.0.0.1',
      PORT: '0',
      SLUICE_HOME: home,
      NODE_COMPILE_CACHE: cache,
    },
  });
  // What it says first is that it is ready.
  child.stdout.once('data', () => child.kill('SIGTERM'));
  const [code] = await once(child, 'exit');
  rmSync(home, { recursive: true, force: true });
  return code === 0;
}
