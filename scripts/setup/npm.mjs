import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { root, SetupError } from './say.mjs';

/** Runs npm without a word, unless it fails: then with its last lines and, where it is plain, the reason. */
export async function npm(args, { node = process.execPath, doing }) {
  const own = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  const [command, given] = own ? [node, [own, ...args]] : ['npm', args];
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  const { code, output } = await finish(
    spawn(command, given, { cwd: root, env, shell: process.platform === 'win32' && !own }),
  );
  if (code !== 0) throw new SetupError(explain(output, doing));
}

function finish(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const add = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.on('error', (error) =>
      reject(
        error.code === 'ENOENT'
          ? new SetupError('npm was not found. Install Node.js with npm (https://nodejs.org), then try again.')
          : error,
      ),
    );
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function explain(output, doing) {
  const last = output.trim().split('\n').slice(-12).join('\n');
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|ERR_SOCKET_TIMEOUT/.test(output);
  const full = /ENOSPC/.test(output);
  const denied = /EACCES|EPERM/.test(output);
  const reason = offline
    ? 'The npm registry could not be reached. Check the network (or the proxy in `npm config`), then try again; what is done so far is kept.'
    : full
      ? 'The disk is full. Free about 1 GB, then try again.'
      : denied
        ? 'This folder may not be written to. Check who owns it, then try again.'
        : 'Try again; if it stays, read the lines above.';
  return `${last}\n\n${doing} failed. ${reason}`;
}
