import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileValue } from '../../spec/workflow/record.ts';
import type { Files } from '../context.ts';
import { NodeError } from '../errors.ts';

/** The file area over a folder, for tests. */
export function testFiles(folder: string): Files {
  const root = resolve(folder);
  let stored = 0;
  const at = (path: string) => {
    const full = resolve(root, path);
    if (full !== root && !full.startsWith(root + sep)) throw outside(path);
    return full;
  };
  const put = async (path: string, content: AsyncIterable<Uint8Array | string>) => {
    const full = at(path);
    await mkdir(dirname(full), { recursive: true });
    await pipeline(Readable.from(content), createWriteStream(`${full}.part`));
    await rename(`${full}.part`, full);
    return { size: (await stat(full)).size };
  };
  const describe = async (path: string) => {
    const found = await stat(at(path)).catch(() => undefined);
    return found?.isFile() ? { size: found.size, modifiedAt: found.mtimeMs } : undefined;
  };
  const open = async (path: string) => {
    if ((await describe(path)) === undefined) throw missing(path);
    return createReadStream(at(path));
  };
  return {
    read: open,
    write: put,
    stat: describe,
    list: async (folderPath) => {
      const entries = await readdir(at(folderPath), { recursive: true, withFileTypes: true }).catch(() => []);
      const paths = entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, resolve(entry.parentPath, entry.name)));
      const found = await Promise.all(paths.sort().map(async (path) => ({ path, ...(await describe(path)) })));
      return found.map(({ path, size = 0, modifiedAt = 0 }) => ({ path, size, modifiedAt }));
    },
    store: async (content, meta): Promise<FileValue> => {
      const id = `.stored/${++stored}`;
      const { size } = await put(id, content);
      return { $file: { id, ...meta, size } };
    },
    open: (file) => open(file.$file.id),
    path: at,
  };
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

function missing(path: string): NodeError {
  return new NodeError({
    class: 'not-found',
    code: 'file-missing',
    message: `There is no file "${path}" in the file area.`,
    remedy: 'Check the path, or put the file there.',
    field: 'path',
  });
}
