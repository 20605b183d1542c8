import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = /^sluice-sql-(\d+)-/;

/** Gives a folder of its own for as long as it is needed, and removes those that processes left behind which are no more. */
export async function withScratchFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), `sluice-sql-${process.pid}-`));
  try {
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const owner = Number(NAME.exec(name)?.[1] ?? process.pid);
    if (!isAlive(owner)) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
