// What every npm script starts with. Plain JavaScript without dependencies, since it runs before anything is installed, on Node 20 or newer.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runChecks } from './setup/checks.mjs';
import { buildClient } from './setup/client-build.mjs';
import { compileServer } from './setup/compile-ahead.mjs';
import { compileCache, keepCompiled } from './setup/compile-cache.mjs';
import { withLock } from './setup/lock.mjs';
import { ensureNode } from './setup/node-runtime.mjs';
import { installPackages } from './setup/packages.mjs';
import { root, SetupError, say } from './setup/say.mjs';

const commands = {
  start: (node, args) => run(node, 'server/cli/main.ts', ['start', ...args]),
  cli: (node, args) => run(node, 'server/cli/main.ts', args),
  dev: (node, args) => run(node, 'scripts/dev.ts', args),
  generate: (node, args) => run(node, 'scripts/generate.ts', args),
  'new-node': (node, args) => run(node, 'scripts/new-node.ts', args),
  bench: (node, args) => run(node, 'tests/bench/main.ts', args),
  crash: (node, args) => {
    process.env.SLUICE_TEST_KILLS ??= '200';
    return run(node, 'node_modules/vitest/vitest.mjs', ['run', '--project', 'whole', 'tests/crash', ...args]);
  },
  check: (node) => runChecks(node, { tests: false }),
  test: (node, args) => runChecks(node, { tests: true, args }),
};

const serves = (command, args) => command === 'start' || args[0] === 'start';

/** Commands that serve or test the client. */
const needsClient = (command, args) => serves(command, args) || command === 'test';

export async function bootstrap(command, args) {
  const act = commands[command];
  if (!act) throw new SetupError(`There is no command "${command}". There are: ${Object.keys(commands).join(', ')}.`);
  const node = await prepare({ client: needsClient(command, args), server: serves(command, args) });
  return act(node, args);
}

/** Brings runtime, packages and what is built up to date, one process at a time; gives the path of Node 24. */
async function prepare({ client, server }) {
  return withLock(join(root, '.tools'), async () => {
    const node = await ensureNode();
    await installPackages(node);
    await Promise.all([client && buildClient(node), server && compileServer(node)]);
    return node;
  });
}

/** Runs a TypeScript file of ours with Node 24: here if this is it, else in a child that ends with this process. */
async function run(node, file, args) {
  const path = join(root, file);
  if (!existsSync(path)) throw new SetupError(`${file} is not there. Is the checkout complete?`);
  if (node === process.execPath) {
    keepCompiled();
    process.argv = [process.execPath, path, ...args];
    await import(pathToFileURL(path).href);
    return undefined;
  }
  // With the flags of Node that this process was given.
  const child = spawn(node, [...process.execArgv, path, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  // A terminal's Ctrl+C reaches the child by itself.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

export async function main(command, args) {
  try {
    const code = await bootstrap(command, args);
    if (code !== undefined) process.exit(code);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exit(1);
  }
}

if (process.argv[1] === import.meta.filename) {
  const [command = 'start', ...args] = process.argv.slice(2);
  await main(command, args);
}
