import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Turns } from '../../engine/turns.ts';
import type { HistoryEntry, Publication } from '../../spec/api/workflow.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { parseWorkflow, printWorkflow } from '../../spec/workflow/print.ts';
import { Fault, notFound } from '../fault.ts';
import { faultPoint } from '../fault-points.ts';
import type { Database } from '../storage/sqlite/database.ts';
import { type Author, GitHistory } from './git-history.ts';
import { type Format, JsonFile } from './json-file.ts';
import { Publications } from './publications.ts';

/** A draft as it stands. `revision` is its content hash. */
export interface Draft {
  readonly document: Workflow;
  readonly revision: string;
  readonly updatedAt: number;
  readonly updatedBy?: string;
}

export interface WorkspaceOptions {
  /** Folder of the workspace, a Git repository. */
  readonly folder: string;
  readonly db: Database;
  readonly now: () => number;
  /** Keeps a published document for good, by its content hash. */
  readonly saveVersion: (hash: string, document: Workflow) => Promise<void>;
  /** Told of what could not be brought into Git. */
  readonly failed: (what: string, error: unknown) => void;
  readonly loadVersion: (hash: string) => Promise<Workflow | undefined>;
}

const format: Format<Workflow> = { print: printWorkflow, parse: parseDocument };

/** The workflows: drafts as files under Git, and what is published of them. Whether a document may be saved is checked before. */
export class Workspace {
  readonly history: GitHistory;
  private readonly options: WorkspaceOptions;
  private readonly publications: Publications;
  private readonly turns = new Turns();

  constructor(options: WorkspaceOptions) {
    this.options = options;
    this.history = new GitHistory(options.folder, options.db, options.failed);
    this.publications = new Publications(options.db);
  }

  /** Once at start: brings Git up to date with the files. */
  async open(): Promise<void> {
    const ids = await this.ids();
    const files = await Promise.all(ids.map(async (id) => ({ path: pathOf(id), content: await this.file(id).text() })));
    await this.history.catchUp(files.flatMap(({ path, content }) => (content === undefined ? [] : { path, content })));
  }

  async ids(): Promise<string[]> {
    const names = await readdir(join(this.options.folder, 'workflows')).catch(() => []);
    return names.flatMap((name) => /^([a-z0-9][a-z0-9-]*)\.json$/.exec(name)?.[1] ?? []).sort();
  }

  /** All that can be read: a file that was broken outside must not hide the others, and says so when it is opened. */
  async list(): Promise<Draft[]> {
    const ids = await this.ids();
    const drafts = await Promise.all(
      ids.map((id) =>
        this.find(id).catch((error) => {
          if (error instanceof Fault) return undefined;
          throw error;
        }),
      ),
    );
    return drafts.flatMap((draft) => draft ?? []);
  }

  async find(id: string): Promise<Draft | undefined> {
    if (!/^[a-z0-9][a-z0-9-]{0,79}$/.test(id)) return undefined;
    const file = this.file(id);
    const document = await file.read();
    if (!document) return undefined;
    const [last] = this.history.entries(pathOf(id), 1);
    const updatedAt = last?.at ?? (await file.modifiedAt()) ?? 0;
    return { document, revision: hashOf(document), updatedAt, ...(last ? { updatedBy: last.author } : {}) };
  }

  async get(id: string): Promise<Draft> {
    const draft = await this.find(id);
    if (!draft) throw notFound('workflow', id);
    return draft;
  }

  create(document: Workflow, author: Author): Promise<Draft> {
    return this.turns.take(document.id, async () => {
      if (await this.find(document.id)) {
        throw new Fault({
          kind: 'conflict',
          code: 'workflow-exists',
          message: `There is already a workflow "${document.id}".`,
          remedy: 'Give this one another id, or replace the other.',
        });
      }
      return this.write(document, author, `Make ${document.name}`);
    });
  }

  /** `expected`: the revision that the writer has seen; if another is there by now, nothing is written. */
  save(
    document: Workflow,
    author: Author,
    options: { expected?: string | undefined; message?: string } = {},
  ): Promise<Draft> {
    return this.turns.take(document.id, async () => {
      const before = await this.get(document.id);
      if (options.expected !== undefined && options.expected !== before.revision) throw changedMeanwhile(before);
      if (hashOf(document) === before.revision) return before;
      return this.write(document, author, options.message ?? `Change ${document.name}`);
    });
  }

  delete(id: string, author: Author): Promise<void> {
    return this.turns.take(id, async () => {
      const { document } = await this.get(id);
      this.publications.delete(id);
      await this.file(id).delete();
      this.history.commit({ path: pathOf(id), content: undefined, author, message: `Delete ${document.name}` });
    });
  }

  /** Makes the draft live; `check` throws when it may not be. */
  publish(id: string, author: Author, check: (document: Workflow) => void | Promise<void>): Promise<Publication> {
    return this.turns.take(id, async () => {
      const { document, revision } = await this.get(id);
      await check(document);
      await this.options.saveVersion(revision, document);
      const publication = { version: revision, at: this.options.now(), by: author.name };
      const n = this.publications.put(id, publication);
      faultPoint('publish.recorded');
      this.history.tag(pathOf(id), `published/${id}/${n}`, revision);
      return publication;
    });
  }

  /** Takes it offline. */
  unpublish(id: string): Promise<void> {
    return this.turns.take(id, async () => {
      await this.get(id);
      this.publications.delete(id);
    });
  }

  publication(id: string): Publication | undefined {
    return this.publications.get(id);
  }

  publishedIds(): string[] {
    return this.publications.ids();
  }

  async published(id: string): Promise<{ document: Workflow; version: string } | undefined> {
    const publication = this.publications.get(id);
    if (!publication) return undefined;
    const document = await this.options.loadVersion(publication.version);
    return document && { document, version: publication.version };
  }

  /** Any document that has been published or run, by its content hash. */
  version(hash: string): Promise<Workflow | undefined> {
    return this.options.loadVersion(hash);
  }

  async pastEntries(id: string, limit: number): Promise<HistoryEntry[]> {
    await this.get(id);
    await this.history.settled();
    return this.history.entries(pathOf(id), limit);
  }

  async past(id: string, commit: string): Promise<Workflow> {
    const text = /^[0-9a-f]{40}$/.test(commit) ? await this.history.read(pathOf(id), commit) : undefined;
    if (text === undefined) throw notFound('saved state', commit);
    return parseDocument(text);
  }

  /** Resolves when everything saved so far is also in Git. */
  async settled(): Promise<void> {
    await this.turns.idle();
    await this.history.settled();
  }

  /** The same, without what a full disk has no room for. */
  async close(): Promise<void> {
    await this.turns.idle();
    await this.history.close();
  }

  private file(id: string): JsonFile<Workflow> {
    return new JsonFile(join(this.options.folder, pathOf(id)), format);
  }

  private async write(document: Workflow, author: Author, message: string): Promise<Draft> {
    const content = await this.file(document.id).write(document);
    faultPoint('draft.written');
    this.history.commit({ path: pathOf(document.id), content, author, message });
    return { document, revision: hashOf(document), updatedAt: this.options.now(), updatedBy: author.name };
  }
}

/** Content hash of a document: of its printed form, so that equal documents have equal hashes. */
export function hashOf(document: Workflow): string {
  return createHash('sha256').update(printWorkflow(document)).digest('hex').slice(0, 32);
}

function pathOf(id: string): string {
  return `workflows/${id}.json`;
}

function parseDocument(text: string): Workflow {
  const read = parseWorkflow(text);
  if ('document' in read) return read.document;
  throw new Fault({
    kind: 'invalid',
    code: 'broken-file',
    message: 'The file of this workflow was changed outside and is not a workflow any more.',
    remedy: 'Restore an earlier state from its history, or correct the file in the workspace folder.',
    problems: read.problems,
  });
}

function changedMeanwhile(now: Draft): Fault {
  const who = now.updatedBy ? ` by ${now.updatedBy}` : '';
  return new Fault({
    kind: 'conflict',
    code: 'changed-meanwhile',
    message: `The workflow was changed${who} since you read it, so nothing was saved.`,
    remedy: 'Load the newest state and make your change again.',
  });
}
