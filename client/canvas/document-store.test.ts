import { describe, expect, it } from 'vitest';
import { type Workflow, workflowSchema } from '../../spec/workflow/document.ts';
import { createDocumentStore } from './document-store.ts';
import { edgeKey, selectionOf } from './selection.ts';

const start: Workflow = workflowSchema.parse({
  format: 'sluice/1',
  id: 'w',
  name: 'W',
  nodes: [
    { id: 'a', type: 'manual', name: 'A' },
    { id: 'b', type: 'no-op', name: 'B' },
  ],
  edges: [{ from: 'a', to: 'b' }],
});

const rename = (name: string) => (document: Workflow) => ({ ...document, name });
const dropB = (document: Workflow) => ({
  ...document,
  nodes: document.nodes.filter((node) => node.id !== 'b'),
  edges: [],
});

describe('document store', () => {
  it('undoes and redoes each step with the selection that it had', () => {
    const store = createDocumentStore(start);
    store.getState().select(selectionOf({ nodes: ['b'], edges: [edgeKey({ from: 'a', to: 'b' })] }));
    store.getState().apply('Delete B', dropB);
    expect([...store.getState().selection.nodes]).toEqual([]);
    expect([...store.getState().selection.edges]).toEqual([]);
    store.getState().undo();
    expect(store.getState().document).toBe(start);
    expect([...store.getState().selection.nodes]).toEqual(['b']);
    store.getState().redo();
    expect(store.getState().document.nodes).toHaveLength(1);
  });

  it('forgets what was undone once something else is done', () => {
    const store = createDocumentStore(start);
    store.getState().apply('Rename', rename('X'));
    store.getState().undo();
    store.getState().apply('Rename', rename('Y'));
    store.getState().redo();
    expect(store.getState().document.name).toBe('Y');
  });

  it('undoes typing in one field as one step', () => {
    const store = createDocumentStore(start);
    for (const name of ['H', 'He', 'Hel']) store.getState().apply('Rename', rename(name), { joins: 'name' });
    store.getState().apply('Rename', rename('Other'), { joins: 'other' });
    store.getState().undo();
    expect(store.getState().document.name).toBe('Hel');
    store.getState().undo();
    expect(store.getState().document.name).toBe('W');
    store.getState().undo();
    expect(store.getState().document.name).toBe('W');
  });

  it('keeps no step for an edit that changes nothing', () => {
    const store = createDocumentStore(start);
    store.getState().apply('Nothing', (document) => document);
    expect(store.getState().past).toHaveLength(0);
  });

  it('says what was done, also the same thing twice', () => {
    const store = createDocumentStore(start);
    store.getState().say('Saved');
    const first = store.getState().spoken;
    store.getState().say('Saved');
    expect(store.getState().spoken).toEqual({ text: 'Saved', count: first.count + 1 });
  });

  it('changes nothing for those who may only look', () => {
    const store = createDocumentStore(start, { readOnly: true });
    store.getState().apply('Rename', rename('X'));
    expect(store.getState().document).toBe(start);
    expect(store.getState().spoken.text).toContain('not change');
  });
});
