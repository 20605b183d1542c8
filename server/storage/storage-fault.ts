import { Fault } from '../fault.ts';

/** Primary result codes of SQLite, and errors of the file system, that say the disk is the matter. */
const FULL = new Set<unknown>([13, 'ENOSPC', 'EDQUOT']);
const BROKEN = new Set<unknown>([8, 10, 14, 'EROFS', 'EIO']);

/** Whether there is no space left: that may pass by itself. */
export function isFull(error: unknown): boolean {
  return reasonsOf(error).some((reason) => FULL.has(reason));
}

/** What a failure is to whoever asked, if the disk is the matter: full, read-only or broken. */
export function storageFault(error: unknown): Fault | undefined {
  if (isFull(error)) {
    return new Fault({
      kind: 'storage-full',
      code: 'disk-full',
      message: 'The disk that holds the data of this server is full, so nothing new can be taken on.',
      remedy:
        'Free space on it or make it larger. Nothing that was accepted is lost: it goes on by itself once there is space.',
    });
  }
  if (!reasonsOf(error).some((reason) => BROKEN.has(reason))) return undefined;
  return new Fault({
    kind: 'unavailable',
    code: 'disk-not-writable',
    message: 'The disk that holds the data of this server cannot be written: it is read-only, or broken.',
    remedy:
      'Look at the disk and its mount, mend it, and start the server again. What was accepted is on it, and goes on then.',
  });
}

function reasonsOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  const { code, errcode } = error as Error & { code?: unknown; errcode?: unknown };
  // The low byte of an extended result code is the primary one.
  return [code, typeof errcode === 'number' ? errcode & 0xff : undefined];
}
