import { describe, expect, it } from 'vitest';
import { differences } from './differences.ts';
import type { Workflow, WorkflowNode } from './document.ts';

function node(id: string, more: Partial<WorkflowNode> = {}): WorkflowNode {
  return { id, type: 'no-op', version: 1, name: id, params: {}, ...more };
}

const published: Workflow = {
  format: 'sluice/1',
  id: 'w',
  name: 'W',
  settings: { timezone: 'UTC' },
  nodes: [node('a', { params: { x: 1, list: [{ y: 2 }] } }), node('b'), node('c')],
  edges: [
    { from: 'a', to: 'b' },
    { from: 'a', to: 'c' },
  ],
  layout: { a: [0, 0], b: [1, 1], c: [2, 2] },
  stickies: [],
};

const none = {
  added: [],
  removed: [],
  changed: [],
  moved: [],
  addedEdges: [],
  removedEdges: [],
  edgesReordered: false,
  settings: [],
  matters: false,
};

describe('differences between a draft and its published version', () => {
  it('are none for the same document read anew', () => {
    expect(differences(structuredClone(published), published)).toEqual(none);
  });

  it('tell what was added, removed, changed and moved', () => {
    const draft: Workflow = {
      ...published,
      name: 'New name',
      settings: { timezone: 'UTC', overlap: 'skip' },
      nodes: [node('a', { params: { x: 1, list: [{ y: 3 }], z: 0 }, name: 'A' }), node('b'), node('d')],
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'd' },
      ],
      layout: { a: [0, 0], b: [9, 9], d: [2, 2] },
    };
    expect(differences(draft, published)).toEqual({
      added: ['d'],
      removed: ['c'],
      changed: [{ id: 'a', params: ['list', 'z'], fields: ['name'] }],
      moved: ['b'],
      addedEdges: [{ from: 'b', to: 'd' }],
      removedEdges: [{ from: 'a', to: 'c' }],
      edgesReordered: false,
      settings: ['overlap', 'name'],
      matters: true,
    });
  });

  it('do not matter for runs when only places, notes and words about the workflow changed', () => {
    const draft: Workflow = {
      ...published,
      description: 'More words',
      nodes: published.nodes.map((one) => ({ ...one, notes: 'x', disabled: false })),
      layout: { ...published.layout, a: [5, 5] },
      stickies: [{ id: 's', text: 'x', at: [0, 0] }],
    };
    const found = differences(draft, published);
    expect(found).toMatchObject({ moved: ['a'], settings: ['description', 'stickies'], matters: false });
    expect(differences(draft, { ...published, layout: {} }).moved).toEqual([]);
  });

  it('tell that edges were put in another order', () => {
    const draft = { ...published, edges: published.edges.toReversed() };
    expect(differences(draft, published)).toMatchObject({ edgesReordered: true, matters: true });
  });
});
