import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { BlobStore, BlobWriter } from '../../../engine/ports.ts';

/** Descriptors of blobs being read that are kept open. */
const OPEN = 64;

/** Blobs as files below one folder; names are relative paths with `/`. */
export class FolderBlobs implements BlobStore {
  private readonly folder: string;
  private readonly open = new Map<string, number>();

  constructor(folder: string) {
    this.folder = folder;
  }

  async writer(name: string): Promise<BlobWriter> {
    const path = this.path(name);
    await mkdir(dirname(path), { recursive: true });
    this.forget(name);
    const file = await open(path, 'w');
    let size = 0;
    return {
      get size() {
        return size;
      },
      write: async (chunk) => {
        await file.appendFile(chunk);
        size += chunk.length;
      },
      sync: () => file.sync(),
      close: () => file.close(),
    };
  }

  readSync(name: string, start: number, length: number): Uint8Array {
    const bytes = Buffer.allocUnsafe(length);
    const read = readSync(this.descriptor(name), bytes, 0, length, start);
    if (read < length)
      throw new Error(`The blob ${name} ends after ${start + read} bytes; ${start + length} were expected`);
    return bytes;
  }

  async delete(prefix: string): Promise<void> {
    for (const name of [...this.open.keys()]) if (name.startsWith(prefix)) this.forget(name);
    await rm(this.path(prefix), { recursive: true, force: true });
  }

  async list(prefix: string): Promise<string[]> {
    const entries = await readdir(this.path(prefix), { recursive: true, withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
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
