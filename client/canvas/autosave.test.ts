import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Workflow, workflowSchema } from '../../spec/workflow/document.ts';
import { ProblemError } from '../api/problem-error.ts';
import { Autosave } from './autosave.ts';
import { createDocumentStore } from './document-store.ts';

const start: Workflow = workflowSchema.parse({ format: 'sluice/1', id: 'w', name: 'W' });
const rename = (name: string) => (document: Workflow) => ({ ...document, name });

function setUp() {
  const documents = createDocumentStore(start);
  const calls: { name: string; revision: string; settle: (result?: Error) => void }[] = [];
  const save = (document: Workflow, revision: string) =>
    new Promise<{ revision: string; savedAt: number; problems: [] }>((resolve, reject) => {
      const settle = (failure?: Error) =>
        failure ? reject(failure) : resolve({ revision: `after ${document.name}`, savedAt: 5, problems: [] });
      calls.push({ name: document.name, revision, settle });
    });
  const newest = async () => ({ revision: 'theirs', document: { ...start, name: 'Theirs' } });
  const autosave = new Autosave(documents, 'r1', { save, newest });
  const kind = () => autosave.state.getState().save.kind;
  const edit = (name: string) => documents.getState().apply('Rename', rename(name));
  return { documents, autosave, calls, kind, edit };
}

const refused = (status: number) => new ProblemError({ status, code: 'x', message: 'No.' });
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('autosave', () => {
  it('waits for a quiet moment and saves once, on the revision that it knows', async () => {
    const { calls, kind, edit } = setUp();
    edit('A');
    await vi.advanceTimersByTimeAsync(500);
    edit('B');
    await vi.advanceTimersByTimeAsync(500);
    expect(calls).toHaveLength(0);
    expect(kind()).toBe('waiting');
    await vi.advanceTimersByTimeAsync(300);
    expect(calls).toMatchObject([{ name: 'B', revision: 'r1' }]);
    calls[0]?.settle();
    await settled();
    expect(kind()).toBe('saved');
  });

  it('saves again what was edited meanwhile, on the new revision', async () => {
    const { calls, kind, edit } = setUp();
    edit('A');
    await vi.advanceTimersByTimeAsync(1000);
    edit('B');
    calls[0]?.settle();
    await settled();
    expect(calls[1]).toMatchObject({ name: 'B', revision: 'after A' });
    calls[1]?.settle();
    await settled();
    expect(kind()).toBe('saved');
  });

  it('says when it could not save, and tries again when asked', async () => {
    const { autosave, calls, kind, edit } = setUp();
    edit('A');
    await vi.advanceTimersByTimeAsync(1000);
    calls[0]?.settle(refused(503));
    await settled();
    expect(kind()).toBe('failed');
    autosave.retry();
    await settled();
    calls[1]?.settle();
    await settled();
    expect(kind()).toBe('saved');
  });

  it('overwrites nothing of others without being told', async () => {
    const { autosave, calls, kind, edit } = setUp();
    edit('A');
    await vi.advanceTimersByTimeAsync(1000);
    calls[0]?.settle(refused(409));
    await settled();
    edit('B');
    await vi.advanceTimersByTimeAsync(5000);
    expect(kind()).toBe('conflict');
    expect(calls).toHaveLength(1);
    void autosave.overwrite();
    await settled();
    expect(calls[1]).toMatchObject({ name: 'B', revision: 'theirs' });
  });

  it('can take over what others saved', async () => {
    const { autosave, documents, calls, kind, edit } = setUp();
    edit('A');
    await vi.advanceTimersByTimeAsync(1000);
    calls[0]?.settle(refused(409));
    await settled();
    await autosave.loadNewest();
    expect(documents.getState().document.name).toBe('Theirs');
    expect(kind()).toBe('saved');
  });

  it('saves at once when the page is left', async () => {
    const { autosave, calls, edit } = setUp();
    edit('A');
    const done = autosave.flush();
    await settled();
    calls[0]?.settle();
    await done;
    expect(autosave.state.getState().revision).toBe('after A');
  });
});
