import { execFileSync } from 'node:child_process';
import fs, { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Workflow } from '../../spec/workflow/document.ts';
import { printWorkflow } from '../../spec/workflow/print.ts';
import { readWorkflow } from '../../spec/workflow/validate.ts';
import { openDatabase } from '../storage/sqlite/database.ts';
import { newHome, smallWorkflow } from '../testing/test-server.ts';
import { Workspace } from './workspace.ts';

const ada = { name: 'Ada', email: 'ada@example.com' };

function setUp(folder = join(newHome(), 'workspace'), db = openDatabase(':memory:')) {
  const versions = new Map<string, Workflow>();
  const failed = vi.fn();
  const workspace = new Workspace({
    folder,
    db,
    now: () => 1_000,
    saveVersion: async (hash, document) => {
      versions.set(hash, document);
    },
    failed,
    loadVersion: async (hash) => versions.get(hash),
  });
  return { folder, db, workspace, failed };
}

function workflow(id: string, more: Record<string, unknown> = {}): Workflow {
  const read = readWorkflow(smallWorkflow(id, more));
  if ('document' in read) return read.document;
  throw new Error(read.problems[0]?.message);
}

const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();

test('each save is a file, printed the same way every time, and a commit of its author', async () => {
  const { folder, workspace } = setUp();
  await workspace.create(workflow('one'), ada);
  await workspace.save(workflow('one', { name: 'Second' }), ada);
  await workspace.save(workflow('one', { name: 'Third' }), ada);
  await workspace.settled();
  expect(readFileSync(join(folder, 'workflows', 'one.json'), 'utf8')).toBe(
    printWorkflow(workflow('one', { name: 'Third' })),
  );
  expect(git(folder, 'log', '--format=%an: %s').split('\n')).toEqual([
    'Ada: Change Third',
    'Ada: Change Second',
    'Ada: Make Workflow one',
  ]);
  expect(git(folder, 'status', '--porcelain')).toBe('');
});

test('a publish is a tag at what was published', async () => {
  const { folder, workspace } = setUp();
  await workspace.create(workflow('one'), ada);
  const { version } = await workspace.publish('one', ada, () => {});
  await workspace.save(workflow('one', { name: 'Later' }), ada);
  await workspace.settled();
  expect(git(folder, 'show', 'published/one/1:workflows/one.json')).toContain('"Workflow one"');
  expect((await workspace.published('one'))?.document.name).toBe('Workflow one');
  const entries = await workspace.pastEntries('one', 10);
  expect(entries.map((entry) => entry.version)).toEqual([undefined, version]);
});

test('what a crash kept out of Git is committed at the next start', async () => {
  const { folder, db, workspace } = setUp();
  await workspace.create(workflow('one'), ada);
  await workspace.settled();
  writeFileSync(
    join(folder, 'workflows', 'one.json'),
    printWorkflow(workflow('one', { name: 'Written, not committed' })),
  );
  const next = setUp(folder, db).workspace;
  await next.open();
  expect(git(folder, 'status', '--porcelain')).toBe('');
  expect((await next.pastEntries('one', 10)).map((entry) => entry.message)).toEqual([
    'Take over changes to workflows/one.json',
    'Make Workflow one',
  ]);
});

test('what a full disk keeps out of Git comes into it when there is space, and nothing in Git is half-written', async () => {
  const { folder, workspace, failed } = setUp();
  await workspace.create(workflow('one'), ada);
  await workspace.settled();
  const { writeFile } = fs.promises;
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  // The first file fits still, the second one half.
  vi.spyOn(fs.promises, 'writeFile')
    .mockImplementationOnce(writeFile)
    .mockImplementationOnce(async (path) => {
      await writeFile(path as string, 'half');
      throw full;
    });
  await workspace.save(workflow('one', { name: 'Second' }), ada);
  await workspace.publish('one', ada, () => {});
  await workspace.settled();
  expect(failed).not.toHaveBeenCalled();
  expect(git(folder, 'log', '--format=%s').split('\n')).toEqual(['Change Second', expect.stringContaining('Make')]);
  expect(git(folder, 'tag')).toBe('published/one/1');
  expect(git(folder, 'status', '--porcelain')).toBe('');
  git(folder, 'fsck', '--strict');
});

test('what cannot come into Git is told, and the file is saved all the same', async () => {
  const { folder, workspace, failed } = setUp();
  vi.spyOn(fs.promises, 'writeFile').mockRejectedValue(Object.assign(new Error('EIO'), { code: 'EIO' }));
  await workspace.create(workflow('one'), ada);
  await workspace.settled();
  expect(failed).toHaveBeenCalledWith('workflows/one.json could not be brought into Git', expect.anything());
  vi.restoreAllMocks();
  const next = setUp(folder);
  await next.workspace.open();
  expect(git(folder, 'log', '--format=%s')).toBe('Take over workflows/one.json');
});

test('a workspace that was cloned, or whose database was lost, has its history', async () => {
  const { folder, workspace } = setUp();
  await workspace.create(workflow('one'), ada);
  await workspace.save(workflow('one', { name: 'Second' }), ada);
  await workspace.settled();
  const other = setUp(folder).workspace;
  await other.open();
  const entries = await other.pastEntries('one', 10);
  expect(entries.map((entry) => entry.message)).toEqual(['Change Second', 'Make Workflow one']);
  expect((await other.past('one', entries[1]?.commit ?? '')).name).toBe('Workflow one');
});

test('where Git has everything, a start does not read it', async () => {
  const { folder, db, workspace } = setUp();
  await workspace.create(workflow('one'), ada);
  await workspace.create(workflow('two'), ada);
  await workspace.delete('two', ada);
  await workspace.settled();
  const objects = join(folder, '.git', 'objects');
  const openWithoutThem = async () => {
    renameSync(objects, join(folder, 'objects'));
    await setUp(folder, db).workspace.open();
    // Who misses an object writes it anew.
    expect(existsSync(objects)).toBe(false);
    renameSync(join(folder, 'objects'), objects);
  };
  await openWithoutThem();
  // An index that does not know yet what a file was: the next start asks Git, the one after it knows.
  db.exec('update history set blob = null');
  await setUp(folder, db).workspace.open();
  await openWithoutThem();
  expect(git(folder, 'log', '--format=%s').split('\n')).toHaveLength(3);
});

test('commits made with Git itself are found at the next start, also in a repository that it has packed', async () => {
  const { folder, db, workspace } = setUp();
  await workspace.create(workflow('one'), ada);
  await workspace.settled();
  const file = join(folder, 'workflows', 'one.json');
  const commit = (name: string) => {
    writeFileSync(file, printWorkflow(workflow('one', { name })));
    git(folder, '-c', 'user.name=Bo', '-c', 'user.email=bo@example.com', 'commit', '-qam', `By hand: ${name}`);
  };
  const messages = async () => {
    const next = setUp(folder, db).workspace;
    await next.open();
    return (await next.pastEntries('one', 10)).map((entry) => entry.message);
  };
  commit('Second');
  expect(await messages()).toEqual(['By hand: Second', 'Make Workflow one']);
  commit('Third');
  git(folder, 'pack-refs', '--all');
  expect(await messages()).toEqual(['By hand: Third', 'By hand: Second', 'Make Workflow one']);
  git(folder, 'checkout', '-q', '--detach', 'HEAD~1');
  writeFileSync(file, printWorkflow(workflow('one', { name: 'Third' })));
  expect((await messages())[0]).toBe('Take over changes to workflows/one.json');
});

test('a file that was broken outside does not hide the others', async () => {
  const { folder, workspace } = setUp();
  await workspace.create(workflow('good'), ada);
  mkdirSync(join(folder, 'workflows'), { recursive: true });
  writeFileSync(join(folder, 'workflows', 'bad.json'), '<<<<<<< mine');
  await workspace.open();
  expect((await workspace.list()).map((draft) => draft.document.id)).toEqual(['good']);
  await expect(workspace.get('bad')).rejects.toMatchObject({ code: 'broken-file' });
});

test('of many writers on one state one wins, and nothing is half-written', async () => {
  const { workspace } = setUp();
  const { revision } = await workspace.create(workflow('one'), ada);
  const saves = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      workspace.save(workflow('one', { name: `Writer ${n}` }), ada, { expected: revision }),
    ),
  );
  expect(saves.filter((save) => save.status === 'fulfilled')).toHaveLength(1);
  expect((await workspace.get('one')).document.name).toBe('Writer 0');
  await workspace.settled();
});
