import { describe, expect, it } from 'vitest';
import { workflowSchema } from '../../spec/workflow/document.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { nodeType } from './canvas.fixtures.ts';
import { Refusals } from './refusal.ts';

function type(name: string, more: Partial<NodeType> = {}): [string, NodeType] {
  return [name, nodeType(name, more)];
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

const refusals = new Refusals(types);

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
    const refusal = refusals.of(document, { from: 'b', to: 'a' });
    expect(refusal?.loop).toEqual(['b', 'a']);
    expect(refusal?.message).toBe('This would make a loop: B → A → B.');
    expect(refusals.of(document, { from: 'a', to: 'a' })?.loop).toEqual(['a']);
  });

  it('refuses edges into triggers, second writers and edges that are there', () => {
    expect(refusals.of(document, { from: 'a', to: 'start' })?.message).toContain('loop');
    const apart = { ...document, edges: document.edges.slice(1) };
    expect(refusals.of(apart, { from: 'a', to: 'start' })?.message).toContain('trigger');
    expect(refusals.of(document, { from: 'a', to: 'join', input: 'left' })?.message).toContain('takes one edge');
    expect(refusals.of(document, { from: 'a', to: 'b' })?.message).toContain('there twice');
  });

  it('lets good edges be', () => {
    expect(refusals.of(document, { from: 'a', to: 'join', input: 'right' })).toBeUndefined();
    expect(refusals.of(document, { from: 'start', to: 'b' })).toBeUndefined();
  });

  it('follows the document through edits, undo and loops that are already in it', () => {
    const kept = new Refusals(types);
    const back = { from: 'b', to: 'a' };
    expect(kept.of(document, back)?.loop).toEqual(['b', 'a']);
    const apart = { ...document, edges: document.edges.filter((edge) => edge.to !== 'b') };
    expect(kept.of(apart, back)).toBeUndefined();
    const without = { ...apart, nodes: apart.nodes.filter((node) => node.id !== 'a') };
    expect(kept.of(without, { from: 'start', to: 'b' })).toBeUndefined();
    expect(kept.of(document, back)?.loop).toEqual(['b', 'a']);
    const looping = { ...document, edges: [...document.edges, back] };
    expect(kept.of(looping, { from: 'join', to: 'start' })?.message).toContain('loop');
    const turned = { ...looping, edges: looping.edges.filter((edge) => edge.to !== 'b') };
    expect(kept.of(turned, { from: 'a', to: 'b' })?.loop).toEqual(['a', 'b']);
  });
});
