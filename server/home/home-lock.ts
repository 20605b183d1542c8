import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Fault } from '../fault.ts';
import { storageFault } from '../storage/storage-fault.ts';

/** How to reach the server that works on a home folder; written for the commands on the same machine. */
export interface ServerNote {
  readonly url: string;
  readonly pid: number;
  /** Lets commands in as administrator, for as long as the server lives. */
  readonly token: string;
}

/**
 * Keeps a second process off a home folder. The lock is one of the operating system's (through SQLite), so it is gone with its process,
 * however that ended.
 */
export function lockHome(home: string): { release(): void } {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(home, 'lock'), { timeout: 0 });
    // The version is written to find out whether anything can be.
    lock.exec(
      'pragma locking_mode = exclusive; pragma journal_mode = delete; pragma user_version = 1; begin exclusive;',
    );
  } catch (error) {
    lock?.close();
    throw storageFault(error) ?? inUse(home);
  }
  // Whoever left a note is gone, or it would hold the lock.
  removeNote(home);
  const held = lock;
  return { release: () => held.close() };
}

export function writeNote(home: string, note: ServerNote): void {
  const file = join(home, 'server.json');
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });
}

export function removeNote(home: string): void {
  rmSync(join(home, 'server.json'), { force: true });
}

/** The note of a server that was there when it was written; it may be gone by now. */
export function readNote(home: string): ServerNote | undefined {
  try {
    return JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as ServerNote;
  } catch {
    return undefined;
  }
}

function inUse(home: string): Fault {
  const note = readNote(home);
  const who = note ? `The server at ${note.url} (process ${note.pid})` : 'Another process';
  return new Fault({
    kind: 'conflict',
    code: 'home-in-use',
    message: `${who} is working on ${home} already.`,
    remedy: 'Use that one, stop it first, or give this one another folder with SLUICE_HOME.',
  });
}
