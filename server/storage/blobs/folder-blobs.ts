import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { copyFile, type FileHandle, link, mkdir, open, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BlobInfo, BlobStore, BlobWriter } from '../../../engine/ports.ts';
import { isFull } from '../storage-fault.ts';

/** Descriptors of blobs being read that are kept open. */
const OPEN = 64;
/** Milliseconds between two tries to write to a full disk. */
const RETRY = 1_000;

/**
 * Bytes that are written before they are brought to the disk beside the writing. Were it all left to the sync at the end, whoever commits
 * something small at that moment would wait for it too.
 */
const BESIDE = 1024 * 1024;

/** Blobs as files below one folder; names are relative paths with `/`. */
export class FolderBlobs implements BlobStore {
  private readonly folder: string;
  private readonly writes: (file: FileHandle, chunk: Uint8Array, position: number) => void | Promise<void>;
  private readonly open = new Map<string, number>();

  /**
   * @param mayBlock where nobody minds waiting for the disk: most of what is written goes into the memory of the system, which takes less time
   * than to have it done by another thread.
   */
  constructor(folder: string, { mayBlock = false }: { readonly mayBlock?: boolean } = {}) {
    this.folder = folder;
    this.writes = mayBlock ? writeNow : writeWhole;
  }

  async writer(name: string, { isKept = true } = {}): Promise<BlobWriter> {
    this.forget(name);
    const file = await whenThereIsSpace(() => openAnew(this.path(name)));
    let size = 0;
    let brought = 0;
    let bringing: Promise<void> | undefined;
    const bring = async () => {
      brought = size;
      // What fails here fails again when it is synced.
      await file.datasync().catch(() => {});
      bringing = undefined;
    };
    return {
      get size() {
        return size;
      },
      write: async (chunk) => {
        // At its place, so that a part of it that was written before the disk was full is written over.
        await whenThereIsSpace(async () => this.writes(file, chunk, size));
        size += chunk.length;
        if (isKept && size - brought > BESIDE) bringing ??= bring();
      },
      sync: async () => {
        await bringing;
        if (isKept) await file.sync();
      },
      close: async () => {
        await bringing;
        await file.close();
      },
    };
  }

  readSync(name: string, start: number, length: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(length);
    const read = readSync(this.descriptor(name), bytes, 0, length, start);
    if (read < length)
      throw new Error(`The blob ${name} ends after ${start + read} bytes; ${start + length} were expected`);
    return bytes;
  }

  async copy(from: string, to: string): Promise<void> {
    this.forget(to);
    const file = await openAnew(this.path(to));
    await file.close();
    await rm(this.path(to));
    // Not every disk can give a file two names.
    await link(this.path(from), this.path(to)).catch(() => copyFile(this.path(from), this.path(to)));
  }

  async delete(name: string): Promise<void> {
    for (const open of [...this.open.keys()]) if (open === name || open.startsWith(`${name}/`)) this.forget(open);
    const path = this.path(name);
    await rm(path, { recursive: true, force: true });
    await this.clearAbove(path);
  }

  /** Folders with nothing left in them go too. */
  private async clearAbove(path: string): Promise<void> {
    for (let at = dirname(path); at.length > this.folder.length; at = dirname(at)) {
      const isGone = await rmdir(at).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
      );
      if (!isGone) return;
    }
  }

  async *list(folder: string): AsyncIterable<BlobInfo> {
    const entries = await readdir(this.path(folder), { withFileTypes: true }).catch(ifThere);
    for (const entry of entries ?? []) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) yield* this.list(name);
      const found = entry.isFile() ? await stat(this.path(name)).catch(ifThere) : undefined;
      if (found) yield { name, bytes: found.size };
    }
  }

  close(): void {
    for (const name of [...this.open.keys()]) this.forget(name);
  }

  private path(name: string): string {
    const path = join(this.folder, ...name.split('/'));
    if (relative(this.folder, path).startsWith('..')) throw new Error(`The blob name ${name} leads out of the store`);
    return path;
  }

  private descriptor(name: string): number {
    const known = this.open.get(name);
    if (known !== undefined) return known;
    if (this.open.size >= OPEN) this.forget(this.open.keys().next().value as string);
    const descriptor = openSync(this.path(name), 'r');
    this.open.set(name, descriptor);
    return descriptor;
  }

  private forget(name: string): void {
    const descriptor = this.open.get(name);
    if (descriptor === undefined) return;
    this.open.delete(name);
    closeSync(descriptor);
  }
}

/** A step that writes to a full disk waits, as its run does: it goes on when there is space again. */
async function whenThereIsSpace<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isFull(error)) throw error;
      await pause(RETRY);
    }
  }
}

function writeNow({ fd }: FileHandle, chunk: Uint8Array, position: number): void {
  for (let done = 0; done < chunk.length; ) {
    done += writeSync(fd, chunk, done, chunk.length - done, position + done);
  }
}

async function writeWhole(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
}

/** Opens an empty file, with the folders above it; again if one was cleared away as empty in between. */
async function openAnew(path: string): Promise<FileHandle> {
  for (;;) {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'w').catch(ifThere);
    if (file) return file;
  }
}

function ifThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
