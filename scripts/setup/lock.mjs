import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from './say.mjs';

/** Does `act` while no other process does so in this folder. A lock whose owner is gone is taken over. */
export async function withLock(folder, act) {
  const lock = join(folder, 'setup.lock');
  mkdirSync(folder, { recursive: true });
  let told = false;
  while (!take(lock)) {
    if (!told) say(`Another start is setting things up; waiting for it (if there is none, delete ${lock}) ...`);
    told = true;
    await wait(250);
  }
  try {
    return await act();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  // Linked into place with its owner already in it, so that a lock never stands there without one.
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(mine, { force: true });
  }
  if (isAlive(ownerOf(lock))) return false;
  // Two may find it dead at once: only one can move it away, and it looks once more at what it moved.
  const moved = `${lock}.dead-${process.pid}`;
  try {
    renameSync(lock, moved);
    if (isAlive(ownerOf(moved))) linkSync(moved, lock);
  } catch {
    // The other was faster.
  }
  rmSync(moved, { force: true });
  return false;
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(owner) {
  if (!Number.isInteger(owner) || owner <= 0 || owner === process.pid) return false;
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
