import { describe, expect, it } from 'vitest';
import { workflowSchema } from '../../spec/workflow/document.ts';
import { walk } from './walk.ts';

const document = workflowSchema.parse({
  format: 'sluice/1',
  id: 'w',
  name: 'W',
  nodes: ['a', 'b', 'c', 'd'].map((id) => ({ id, type: 'no-op', name: id })),
  edges: [
    { from: 'a', to: 'c' },
    { from: 'a', to: 'b' },
  ],
  layout: { a: [0, 0], b: [300, -100], c: [300, 120], d: [0, 300] },
});

describe('walking with arrows', () => {
  it('follows edges to the nearest node', () => {
    expect(walk(document, 'a', 'right')).toBe('b');
    expect(walk(document, 'c', 'left')).toBe('a');
  });

  it('goes to the nearest node that way where there is no edge', () => {
    expect(walk(document, 'b', 'down')).toBe('c');
    expect(walk(document, 'a', 'down')).toBe('d');
    expect(walk(document, 'a', 'left')).toBeUndefined();
  });

  it('starts at the left', () => {
    expect(walk(document, undefined, 'right')).toBe('a');
  });
});
