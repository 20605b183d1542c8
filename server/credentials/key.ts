import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../fault.ts';

/**
 * The master key, 32 bytes: from `SLUICE_KEY` (any text of at least 32 characters; base64 or hex of 32 bytes is taken as such), else from the
 * file `key` in the home folder, which is made at the first start and readable by its owner alone.
 */
export function masterKey(home: string, given: string | undefined): Uint8Array {
  if (given !== undefined) return keyIn(given);
  const file = join(home, 'key');
  const found = read(file);
  if (found !== undefined) return keyIn(found);
  mkdirSync(home, { recursive: true });
  // Linked into place when whole, so that two first starts agree on one key.
  const mine = `${file}.${process.pid}`;
  // On disk before anything is encrypted with it: without the key, every credential is lost.
  writeFileSync(mine, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(mine, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(mine, { force: true });
  }
  return keyIn(read(file) ?? '');
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function keyIn(text: string): Uint8Array {
  for (const encoding of ['base64', 'hex'] as const) {
    const bytes = Buffer.from(text, encoding);
    if (bytes.length === 32 && bytes.toString(encoding).replace(/=+$/, '') === text.replace(/=+$/, '')) return bytes;
  }
  if (text.length >= 32) return createHash('sha256').update(text).digest();
  throw new Fault({
    kind: 'bad-request',
    code: 'bad-setting',
    message: 'The credential key is too short.',
    remedy: 'Give SLUICE_KEY at least 32 characters, such as the output of "openssl rand -base64 32".',
  });
}
