import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { isFull } from '../storage-fault.ts';

/**
 * Tells whether the disk still took changes after a sync came back. When ext4 finds itself broken it gives up its journal, and a sync that
 * is under way at that moment may come back as if all was well while what it was to write is lost. From then on the file system changes
 * nothing any more, so a change that succeeds after a sync says that the sync was true.
 */
export class DiskWitness {
  private readonly beside: string;
  private descriptor: number | undefined;
  private size = 0;

  /** `beside` is a file on that disk. */
  constructor(beside: string) {
    this.beside = beside;
  }

  /** @throws when the disk takes no changes any more */
  check(): void {
    try {
      this.descriptor ??= openUnnamed(`${this.beside}-witness`);
      // A size that changes goes through the journal of the file system at once, and costs no sync.
      ftruncateSync(this.descriptor, ++this.size);
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

function openUnnamed(file: string): number {
  const descriptor = openSync(file, 'w');
  rmSync(file, { force: true });
  return descriptor;
}
