import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { root, SetupError, say } from './say.mjs';

const MAJOR = 24;
const tools = join(root, '.tools');
const name = process.platform === 'win32' ? 'node.exe' : 'node';

/** Path of a Node of at least the wanted version: the running one, or one from npm below `.tools`. */
export async function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR) return process.execPath;
  const node = join(tools, 'node_modules', 'node', 'bin', name);
  if (existsSync(node)) return node;
  say(`Installing Node ${MAJOR} for this project (this machine has ${process.versions.node}) ...`);
  // Installed aside and moved into place once it is known to run, so that a broken-off install is never taken for a whole one.
  const part = join(tools, `part-${process.pid}`);
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  try {
    writeFileSync(join(part, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
    await install(part);
    rmSync(join(tools, 'node_modules'), { recursive: true, force: true });
    renameSync(join(part, 'node_modules'), join(tools, 'node_modules'));
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return node;
}

async function install(folder) {
  const doing = `Installing Node ${MAJOR}`;
  const options = ['--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder];
  await npm(['install', ...options, `node@${MAJOR}`], { doing });
  const node = join(folder, 'node_modules', 'node', 'bin', name);
  if (runs(node)) return;
  // Where install scripts are forbidden, `node` stays empty; the package for this kind of machine needs none.
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const exact = `node-${system}-${process.arch}`;
  await npm(['install', ...options, `${exact}@${MAJOR}`], { doing });
  mkdirSync(join(folder, 'node_modules', 'node', 'bin'), { recursive: true });
  rmSync(node, { force: true });
  renameSync(join(folder, 'node_modules', exact, 'bin', name), node);
  if (!runs(node))
    throw new SetupError(
      `Node ${MAJOR} from npm does not run here. Install it from https://nodejs.org, then try again.`,
    );
}

function runs(node) {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8' }).startsWith(`v${MAJOR}.`);
  } catch {
    return false;
  }
}
