import { statfs } from 'node:fs/promises';

/** Bytes below which nothing of any size can be written. */
const HARDLY_ANY = 1024 * 1024;

/**
 * Makes sure that the disk has space left. To write something small is no proof: it may go into a place that is there already.
 * @throws as a write would that finds the disk full
 */
export async function ensureSpace(folder: string): Promise<void> {
  const { bavail, bfree, bsize } = await statfs(folder);
  // Some of it is kept for the system's own user.
  const blocks = process.getuid?.() === 0 ? bfree : bavail;
  if (blocks * bsize < HARDLY_ANY) {
    throw Object.assign(new Error(`No space is left on the disk of ${folder}`), { code: 'ENOSPC' });
  }
}
