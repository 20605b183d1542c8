import { randomUUID } from 'node:crypto';
import { createReadStream, lstatSync, realpathSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { BlobStore, FileArea } from '../../engine/ports.ts';
import { filesFolder } from '../../engine/step-blobs.ts';
import { type Files, NodeError } from '../../sdk/index.ts';
import type { FileValue } from '../../spec/workflow/record.ts';

/** Bytes read from the blob store at a time. */
const CHUNK = 256 * 1024;

/** Where is stored what belongs to no run. */
const PASSING = 'passing';
const STORED = new RegExp(`^(${PASSING}|${filesFolder('[\\w-]+')})/[0-9a-f-]{36}$`);
/** Files that are being written, as `writeWhole` names them. */
const PART = /^\..*\.[0-9a-f]{8}\.part$/;

/** The file area: one folder that workflows may read and write, and nothing beside it; content of records goes to the blob store. */
export function createFileArea(folder: string, blobs: BlobStore): FileArea {
  const root = resolve(folder);
  const storingIn = (place: string): Files => ({
    read: async (path) => {
      const full = within(root, path);
      if (!(await described(full))) throw missing(path);
      return createReadStream(full);
    },
    write: (path, content) => writeWhole(within(root, path), content),
    stat: (path) => described(within(root, path)),
    list: async (path) => {
      const entries = await readdir(within(root, path), { recursive: true, withFileTypes: true }).catch(() => []);
      const paths = entries
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      const found = await Promise.all(paths.map(async (full) => ({ full, about: await described(full) })));
      return found.flatMap(({ full, about }) =>
        about ? { path: relative(root, full).split(sep).join('/'), ...about } : [],
      );
    },
    store: (content, meta) => storeBlob(blobs, place, content, meta),
    open: async (file) => readBlob(blobs, file),
    path: (path) => within(root, path),
  });
  return { ...storingIn(PASSING), of: (runId) => storingIn(filesFolder(runId)) };
}

/** At a start, when nothing writes: clears away what writes left half-done, and what was stored outside of runs. */
export async function clearHalfDone(folder: string, blobs: BlobStore): Promise<void> {
  await blobs.delete(PASSING);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const parts = entries.filter((entry) => entry.isFile() && PART.test(entry.name));
  for (const { parentPath, name } of parts) await rm(join(parentPath, name), { force: true });
}

/** Absolute path of a path of the area. Neither `..`, an absolute path nor a symbolic link leads out of it. */
function within(root: string, path: string): string {
  const full = resolve(root, path);
  if (path.includes('\0') || !isBelow(root, full)) throw outside(path);
  for (let at = full; at !== root; at = dirname(at)) {
    if (!isThere(at)) continue;
    if (!isBelow(realpathSync(root), realpathSync(at))) throw outside(path);
    break;
  }
  return full;
}

function isBelow(root: string, full: string): boolean {
  return full === root || full.startsWith(root + sep);
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

async function described(full: string): Promise<{ size: number; modifiedAt: number } | undefined> {
  const found = await stat(full).catch(() => undefined);
  return found?.isFile() ? { size: found.size, modifiedAt: found.mtimeMs } : undefined;
}

/** Written beside, made durable and renamed, so that it is whole or absent. */
async function writeWhole(full: string, content: AsyncIterable<Uint8Array | string>): Promise<{ size: number }> {
  await mkdir(dirname(full), { recursive: true });
  // As PART knows it.
  const part = join(dirname(full), `.${basename(full)}.${randomUUID().slice(0, 8)}.part`);
  try {
    const file = await open(part, 'wx');
    try {
      for await (const chunk of content) await file.appendFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, full);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return { size: (await stat(full)).size };
}

async function storeBlob(
  blobs: BlobStore,
  place: string,
  content: AsyncIterable<Uint8Array | string>,
  meta: { name: string; mime: string },
): Promise<FileValue> {
  const id = `${place}/${randomUUID()}`;
  const writer = await blobs.writer(id);
  try {
    for await (const chunk of content) await writer.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    await writer.sync();
  } catch (error) {
    await writer.close();
    await blobs.delete(id);
    throw error;
  }
  await writer.close();
  return { $file: { id, ...meta, size: writer.size } };
}

function readBlob(blobs: BlobStore, { $file: { id, name, size } }: FileValue): Readable {
  // Ids come from records, which anybody can write: they must not name anything but stored files.
  if (!STORED.test(id)) throw missing(id);
  try {
    blobs.readSync(id, 0, 0);
  } catch {
    throw gone(name);
  }
  return Readable.from(
    (function* () {
      for (let at = 0; at < size; at += CHUNK) yield blobs.readSync(id, at, Math.min(CHUNK, size - at));
    })(),
    { objectMode: false },
  );
}

function outside(path: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'file-outside',
    message: `The path "${path}" leads out of the file area.`,
    remedy: 'Use a path inside the file area, such as "imports/orders.csv".',
    field: 'path',
  });
}

function gone(name: string): NodeError {
  return new NodeError({
    class: 'not-found',
    code: 'file-gone',
    message: `The file "${name}" is not there any more: files are kept as long as the run that stored them.`,
    remedy: 'Start a new run, which stores it anew, or keep runs for longer in the settings.',
  });
}

function missing(path: string): NodeError {
  return new NodeError({
    class: 'not-found',
    code: 'file-missing',
    message: `There is no file "${path}" in the file area.`,
    remedy: 'Check the path, or put the file into the folder "files" of the data folder.',
    field: 'path',
  });
}
