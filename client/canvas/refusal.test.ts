import { describe, expect, it } from 'vitest';
import { workflowSchema } from '../../spec/workflow/document.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { refusalOf } from './refusal.ts';

function type(name: string, more: Partial<NodeType> = {}): [string, NodeType] {
  const made: NodeType = {
    type: name,
    version: 1,
    kind: 'action',
    category: 'data',
    title: name,
    summary: '',
    connector: 'data',
    keywords: [],
    credentials: [],
    params: { type: 'object', properties: {} },
    inputs: [{ name: 'input', many: true }],
    outputs: [{ name: 'records', fires: 'always' }],
    effect: 'none',
    loads: [],
    preview: false,
    examples: [],
    ...more,
  };
  return [name, made];
}

const types = new Map([
  type('manual', { kind: 'trigger', inputs: [] }),
  type('no-op'),
  type('join', {
    inputs: [
      { name: 'left', many: false },
      { name: 'right', many: false },
    ],
  }),
]);

const document = workflowSchema.parse({
  format: 'sluice/1',
  id: 'w',
  name: 'W',
  nodes: [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'a', type: 'no-op', name: 'A' },
    { id: 'b', type: 'no-op', name: 'B' },
    { id: 'join', type: 'join', name: 'Join' },
  ],
  edges: [
    { from: 'start', to: 'a' },
    { from: 'a', to: 'b' },
    { from: 'b', to: 'join', input: 'left' },
  ],
});

describe('refusing an edge', () => {
  it('shows the loop that it would close', () => {
    const refusal = refusalOf(document, { from: 'b', to: 'a' }, types);
    expect(refusal?.loop).toEqual(['b', 'a']);
    expect(refusal?.message).toBe('This would make a loop: B → A → B.');
    expect(refusalOf(document, { from: 'a', to: 'a' }, types)?.loop).toEqual(['a']);
  });

  it('refuses edges into triggers, second writers and edges that are there', () => {
    expect(refusalOf(document, { from: 'a', to: 'start' }, types)?.message).toContain('loop');
    const apart = { ...document, edges: document.edges.slice(1) };
    expect(refusalOf(apart, { from: 'a', to: 'start' }, types)?.message).toContain('trigger');
    expect(refusalOf(document, { from: 'a', to: 'join', input: 'left' }, types)?.message).toContain('takes one edge');
    expect(refusalOf(document, { from: 'a', to: 'b' }, types)?.message).toContain('there twice');
  });

  it('lets good edges be', () => {
    expect(refusalOf(document, { from: 'a', to: 'join', input: 'right' }, types)).toBeUndefined();
    expect(refusalOf(document, { from: 'start', to: 'b' }, types)).toBeUndefined();
  });
});
