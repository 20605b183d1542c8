import { resolve } from 'node:path';
import { durationMs } from '../spec/workflow/duration.ts';
import { sizeBytes } from '../spec/workflow/size.ts';
import { Fault } from './fault.ts';

/** What the environment says about this server (DESIGN.md 9, docs/operations.md). */
export interface ServerSettings {
  readonly port: number;
  readonly host: string;
  /** Absolute path of the folder that holds data and workspace. */
  readonly home: string;
  readonly key: string | undefined;
  readonly owner: { readonly email: string; readonly password: string } | undefined;
  /** Address ranges that the egress guard lets through. */
  readonly allowPrivate: readonly string[];
  /** Runs at once. */
  readonly maxRuns: number;
  readonly logLevel: string;
  /** What holds for runs where neither the settings page nor the workflow says. */
  readonly retention: { readonly age: string; readonly size: string; readonly total: string };
}

type Environment = Readonly<Record<string, string | undefined>>;

export function readSettings(env: Environment): ServerSettings {
  if (env.DATABASE_URL) {
    throw refuse(
      'DATABASE_URL',
      'PostgreSQL storage is not part of this version',
      'Unset it; data is kept in SLUICE_HOME.',
    );
  }
  return {
    port: portIn(env.PORT),
    host: env.HOST || '127.0.0.1',
    home: resolve(env.SLUICE_HOME || '.sluice'),
    key: env.SLUICE_KEY || undefined,
    owner: ownerIn(env),
    allowPrivate: (env.SLUICE_ALLOW_PRIVATE ?? '').split(',').flatMap((range) => range.trim() || []),
    maxRuns: maxRunsIn(env.SLUICE_MAX_RUNS),
    logLevel: env.SLUICE_LOG_LEVEL || 'warn',
    retention: retentionIn(env),
  };
}

function portIn(text: string | undefined): number {
  if (!text) return 4400;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw refuse('PORT', `"${text}" is not a port`, 'Give a number from 1 to 65535.');
}

function retentionIn(env: Environment): ServerSettings['retention'] {
  const { SLUICE_KEEP_AGE: age, SLUICE_KEEP_SIZE: size, SLUICE_KEEP_TOTAL: total } = env;
  if (age && age !== 'forever' && durationMs(age) === undefined) {
    throw refuse('SLUICE_KEEP_AGE', `"${age}" is not a duration`, 'Give one such as "30d" or "12h", or "forever".');
  }
  for (const [name, value] of Object.entries({ SLUICE_KEEP_SIZE: size, SLUICE_KEEP_TOTAL: total })) {
    if (!value || value === 'unlimited' || sizeBytes(value) !== undefined) continue;
    throw refuse(name, `"${value}" is not a size`, 'Give one such as "500 MB" or "20 GB", or "unlimited".');
  }
  return { age: age || '30d', size: size || '10 GB', total: total || '50 GB' };
}

/** So many that short runs never wait for one another, and so few that long ones leave memory for the rest. */
const MAX_RUNS = 300;

function maxRunsIn(text: string | undefined): number {
  if (!text) return MAX_RUNS;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw refuse('SLUICE_MAX_RUNS', `"${text}" is not a number of runs`, 'Give a whole number from 1 on, or unset it.');
}

function ownerIn(env: Environment): ServerSettings['owner'] {
  const { SLUICE_OWNER_EMAIL: email, SLUICE_OWNER_PASSWORD: password } = env;
  if (!email && !password) return undefined;
  if (!email || !password) {
    throw refuse('SLUICE_OWNER_EMAIL and SLUICE_OWNER_PASSWORD', 'one of the two is missing', 'Set both, or neither.');
  }
  if (password.length < 8) {
    throw refuse('SLUICE_OWNER_PASSWORD', 'it is shorter than 8 characters', 'Use at least 8 characters.');
  }
  return { email, password };
}

function refuse(name: string, why: string, remedy: string): Fault {
  return new Fault({
    kind: 'bad-request',
    code: 'bad-setting',
    message: `The setting ${name} cannot be used: ${why}.`,
    remedy,
  });
}
