import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { root, say } from './say.mjs';

const lockFile = join(root, 'package-lock.json');
const stamp = join(root, 'node_modules', '.sluice-installed');

/** Installs the locked packages when they are not there, or not those of the lock file. */
export async function installPackages(node) {
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!installedAsLocked()) {
    say('Installing packages ...');
    await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { node, doing: 'Installing the packages' });
  }
  writeFileSync(stamp, wanted);
}

/** npm's own record of a finished install agrees with the lock file, as after `npm install` by hand. */
function installedAsLocked() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages ?? {};
  const locked = JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? {};
  return Object.entries(locked).every(
    ([path, { version, optional, link }]) =>
      path === '' || link || (installed[path] ? installed[path].version === version : optional),
  );
}
