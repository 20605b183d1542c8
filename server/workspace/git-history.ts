import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Turns } from '../../engine/turns.ts';
import type { HistoryEntry } from '../../spec/api/workflow.ts';
import { OnDemand } from '../on-demand.ts';
import { type Database, migrate, transaction } from '../storage/sqlite/database.ts';
import { isFull } from '../storage/storage-fault.ts';

export interface Author {
  readonly name: string;
  readonly email: string;
}

/** Content of a file as it was saved; `undefined` when it was deleted. */
export interface Save {
  readonly path: string;
  readonly content: string | undefined;
  readonly author: Author;
  readonly message: string;
}

/** A file of the workspace as it stands. */
export interface File {
  readonly path: string;
  readonly content: string;
}

/** A file in a commit, as the index has it. */
interface Indexed {
  readonly oid: string;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly author: string;
  readonly message: string;
  readonly blob: string | null;
}

type Git = typeof import('isomorphic-git');

/** In place of the id of the newest commit. */
const NO_COMMIT = '';

/** Milliseconds between two tries to write to a full disk. */
const RETRY = 1_000;

/** Files are written whole or not at all: half an index or half a reference would be the end of the history. */
const wholeFiles = {
  promises: {
    ...fs.promises,
    writeFile: async (path: string, ...content: [string | Uint8Array, fs.WriteFileOptions?]) => {
      const half = `${path}.half`;
      try {
        await fs.promises.writeFile(half, ...content);
        await rename(half, path);
      } catch (error) {
        await rm(half, { force: true });
        throw error;
      }
    },
  },
};

/**
 * The Git history of the workspace: a commit for every save, in order, written after the file itself so that saving answers at once.
 * What a crash kept from being committed is committed at the next start. An index in the database makes a file's history quick to read.
 */
export class GitHistory {
  private readonly folder: string;
  private readonly db: Database;
  private readonly turns = new Turns();
  private readonly cache = {};
  private readonly failed: (what: string, error: unknown) => void;
  private readonly git = new OnDemand(() => this.open());
  private closed = false;

  /** `failed` is told of what could not be brought into Git; nobody else is. */
  constructor(folder: string, db: Database, failed: (what: string, error: unknown) => void) {
    this.folder = folder;
    this.db = db;
    this.failed = failed;
    migrate(db, 'history', [
      `create table history (seq integer primary key, oid text not null, path text not null, at integer not null, author text not null,
        message text not null, version text);
       create index history_path on history (path, seq desc);`,
      // What the file was: its object in Git, null where it was deleted.
      'alter table history add column blob text',
    ]);
  }

  commit(save: Save): void {
    this.later(`${save.path} could not be brought into Git`, (git) => this.write(git, save));
  }

  /** Nobody waits for it. What the disk has no room for is tried again until it has, or until Sluice stops: the next start catches up. */
  private later(what: string, act: (git: Git) => Promise<unknown>): void {
    const done = this.turns.take('git', async () => {
      for (;;) {
        try {
          return await act(await this.git.get());
        } catch (error) {
          if (!isFull(error) || this.closed) throw error;
        }
        await pause(RETRY);
      }
    });
    done.catch((error: unknown) => this.failed(what, error));
  }

  /** Newest first. */
  entries(path: string, limit: number): HistoryEntry[] {
    return this.db
      .prepare('select * from history where path = ? order by seq desc limit ?')
      .all(path, limit)
      .map((row) => ({
        commit: String(row.oid),
        at: Number(row.at),
        author: String(row.author),
        message: String(row.message),
        ...(row.version === null ? {} : { version: String(row.version) }),
      }));
  }

  /** Text of the file in a commit. */
  async read(path: string, commit: string): Promise<string | undefined> {
    const git = await this.git.get();
    try {
      const { blob } = await git.readBlob({ ...this.at(), oid: commit, filepath: path });
      return new TextDecoder().decode(blob);
    } catch (error) {
      if (error instanceof git.Errors.NotFoundError || error instanceof git.Errors.ObjectTypeError) return undefined;
      throw error;
    }
  }

  /** Marks the newest commit of a file as a published version. */
  tag(path: string, name: string, version: string): void {
    this.later(`${name} could not be marked in Git`, async (git) => {
      const row = this.db.prepare('select seq, oid from history where path = ? order by seq desc limit 1').get(path);
      if (!row) return;
      await git.tag({ ...this.at(), ref: name, object: String(row.oid), force: true });
      this.db.prepare('update history set version = ? where seq = ?').run(version, Number(row.seq));
    });
  }

  /** Commits what is in the folder and not in Git (after a crash, or edited by hand), and indexes commits made elsewhere. */
  catchUp(files: readonly File[]): Promise<void> {
    return this.turns.take('git', async () => {
      if (await this.holds(files)) return;
      const git = await this.git.get();
      await this.indexForeign(git);
      const note = this.db.prepare(
        'update history set blob = ? where blob is null and seq = (select max(seq) from history where path = ?)',
      );
      for (const { path, content } of files) {
        const oid = blobOf(content);
        const known = await this.oidInHead(git, path);
        if (known === oid) {
          note.run(oid, path);
          continue;
        }
        await this.write(git, {
          path,
          content,
          author: { name: 'Sluice', email: 'sluice@localhost' },
          message: `${known ? 'Take over changes to' : 'Take over'} ${path}`,
        });
      }
    });
  }

  /** Whether the newest commit is indexed and holds these very files: so it is at nearly every start, and is told without loading Git. */
  private async holds(files: readonly File[]): Promise<boolean> {
    const newest = this.db.prepare('select oid from history order by seq desc limit 1').get();
    if ((await headOf(this.folder)) !== (newest?.oid ?? NO_COMMIT)) return false;
    const last = this.db.prepare('select blob from history where path = ? order by seq desc limit 1');
    return files.every(({ path, content }) => last.get(path)?.blob === blobOf(content));
  }

  /** Resolves when every commit asked for so far is written. */
  settled(): Promise<void> {
    return this.turns.idle();
  }

  /** The same, but what the disk has no room for is given up. */
  close(): Promise<void> {
    this.closed = true;
    return this.turns.idle();
  }

  private async open(): Promise<Git> {
    const git = (await import('isomorphic-git')) as unknown as Git & { default?: Git };
    const usable = git.default ?? git;
    await mkdir(this.folder, { recursive: true });
    await this.make(usable);
    return usable;
  }

  /** The head is written last; where a configuration is without it, `init` would take it for a whole repository. */
  private async make(git: Git): Promise<void> {
    if (fs.existsSync(join(this.folder, '.git', 'HEAD'))) return;
    await rm(join(this.folder, '.git', 'config'), { force: true });
    await git.init({ fs: wholeFiles, dir: this.folder, defaultBranch: 'main' });
  }

  private at() {
    return { fs: wholeFiles, dir: this.folder, cache: this.cache };
  }

  private async write(git: Git, { path, content, author, message }: Save): Promise<string> {
    if (content === undefined) {
      await git.remove({ ...this.at(), filepath: path });
    } else {
      const oid = await git.writeBlob({ ...this.at(), blob: new TextEncoder().encode(content) });
      await git.updateIndex({ ...this.at(), filepath: path, oid, add: true });
    }
    const commit = await git.commit({ ...this.at(), message, author });
    const blob = content === undefined ? null : blobOf(content);
    this.index({ oid: commit, path, at: Date.now(), author: author.name, message, blob });
    return commit;
  }

  private index({ oid, path, at, author, message, blob }: Indexed): void {
    this.db
      .prepare('insert into history (oid, path, at, author, message, blob) values (?, ?, ?, ?, ?, ?)')
      .run(oid, path, at, author, message.trim(), blob);
  }

  private async oidInHead(git: Git, path: string): Promise<string | undefined> {
    try {
      const head = await git.resolveRef({ ...this.at(), ref: 'HEAD' });
      return (await git.readBlob({ ...this.at(), oid: head, filepath: path })).oid;
    } catch (error) {
      if (error instanceof git.Errors.NotFoundError) return undefined;
      throw error;
    }
  }

  /** Commits since the newest one that is indexed: a clone, a pull, or a database that was lost. */
  private async indexForeign(git: Git): Promise<void> {
    const known = new Set(
      this.db
        .prepare('select distinct oid from history')
        .all()
        .map((row) => String(row.oid)),
    );
    const found: Indexed[] = [];
    let oid = await git.resolveRef({ ...this.at(), ref: 'HEAD' }).catch(() => undefined);
    while (oid !== undefined && !known.has(oid)) {
      const { commit } = await git.readCommit({ ...this.at(), oid });
      const parent = commit.parent[0];
      const [now, before] = [await this.filesIn(git, oid), parent ? await this.filesIn(git, parent) : new Map()];
      for (const path of new Set([...now.keys(), ...before.keys()])) {
        if (now.get(path) === before.get(path)) continue;
        found.push({
          oid,
          path,
          at: commit.author.timestamp * 1000,
          author: commit.author.name,
          message: commit.message,
          blob: now.get(path) ?? null,
        });
      }
      oid = parent;
    }
    transaction(this.db, () => {
      for (const one of found.reverse()) this.index(one);
    });
  }

  private async filesIn(git: Git, commit: string): Promise<Map<string, string>> {
    const files = new Map<string, string>();
    const visit = async (oid: string, folder: string): Promise<void> => {
      const { tree } = await git.readTree({ ...this.at(), oid });
      for (const entry of tree) {
        if (entry.type === 'tree') await visit(entry.oid, `${folder}${entry.path}/`);
        else files.set(folder + entry.path, entry.oid);
      }
    };
    await visit(commit, '');
    return files;
  }
}

/** Id of the object that Git keeps a content as. */
function blobOf(content: string): string {
  const bytes = Buffer.from(content);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The newest commit of the branch that a repository is on; undefined where only Git can tell, and where there is no repository. */
async function headOf(folder: string): Promise<string | undefined> {
  const text = (path: string) => readFile(join(folder, '.git', path), 'utf8').catch(() => undefined);
  const branch = /^ref: (\S+)\s*$/.exec((await text('HEAD')) ?? '')?.[1];
  if (branch === undefined) return undefined;
  return (await text(branch))?.trim() ?? ((await text('packed-refs')) === undefined ? NO_COMMIT : undefined);
}
