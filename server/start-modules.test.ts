import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newHome } from './testing/test-server.ts';

/** What costs tens of milliseconds and megabytes, and which a server that has nothing to do can do without. */
const HEAVY = [
  '@duckdb/node-api',
  '@jsforce/jsforce-node',
  '@slack/web-api',
  'axios',
  'better-auth',
  'csv-parse',
  'express-rate-limit',
  'isomorphic-git',
  'kysely',
  'mailparser',
  'mysql2',
  'nodemailer/lib/mailer',
  'pg',
  'prom-client',
  'quickjs-emscripten',
  'smtp-server',
];

/** Packages by their files, and modules of Node. */
function loadedByStart(home: string): string[] {
  const file = join(home, 'start.mjs');
  const here = (name: string) => JSON.stringify(join(import.meta.dirname, name));
  writeFileSync(
    file,
    `import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ resolve: (name, context, next) => {
      const found = next(name, context);
      loaded.add(found.url.split('/node_modules/').at(-1));
      return found;
    } });
    const { startServer } = await import(${here('main.ts')});
    const { readSettings } = await import(${here('settings.ts')});
    const server = await startServer(readSettings(process.env));
    await server.close();
    console.log(JSON.stringify([...loaded, ...process.moduleLoadList]));
    process.exit();`,
  );
  const env = { ...process.env, SLUICE_HOME: home, PORT: '0' };
  return JSON.parse(execFileSync(process.execPath, [file], { env, encoding: 'utf8' }));
}

test('a server that has nothing to do has loaded none of what is heavy, nor the web client of Node', () => {
  const home = newHome();
  // The first start makes the Git repository.
  expect(loadedByStart(home).some((name) => name.startsWith('isomorphic-git/'))).toBe(true);
  const loaded = loadedByStart(home);
  expect(loaded.filter((name) => HEAVY.some((one) => name.startsWith(`${one}/`)))).toEqual([]);
  expect(loaded.filter((name) => name.includes('undici'))).toEqual([]);
});
