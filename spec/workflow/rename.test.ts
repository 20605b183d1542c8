import { describe, expect, it } from 'vitest';
import type { Workflow, WorkflowNode } from './document.ts';
import { renameNode, withRenamedReads } from './rename.ts';

function node(id: string, name: string, params = {}): WorkflowNode {
  return { id, type: 'no-op', version: 1, name, params };
}

function workflow(...nodes: WorkflowNode[]): Workflow {
  return { format: 'sluice/1', id: 'w', name: 'W', settings: {}, nodes, edges: [], layout: {}, stickies: [] };
}

describe('renaming a node', () => {
  it('lets expressions that read it by name follow, and leaves the rest as it is', () => {
    const untouched = node('c', 'C', { x: "$('Read') is text", y: "={{ $('read').item.x }}" });
    const before = workflow(
      node('read', 'Read'),
      node('b', 'B', { list: [{ x: `={{ $('Read').item.a + $( "Read" ).first().b }}` }] }),
      untouched,
    );
    const after = renameNode(before, 'read', "Bob's list");
    expect(after.nodes[0]?.name).toBe("Bob's list");
    expect(after.nodes[1]?.params).toEqual({
      list: [{ x: "={{ $('Bob\\'s list').item.a + $('Bob\\'s list').first().b }}" }],
    });
    expect(after.nodes[2]).toBe(untouched);
    expect(renameNode(after, 'read', 'Read').nodes[1]?.params).toEqual({
      list: [{ x: "={{ $('Read').item.a + $('Read').first().b }}" }],
    });
  });

  it('touches no expression whose name means another node too', () => {
    const reader = node('r', 'R', { x: "={{ $('Twin').item.x }}" });
    const after = renameNode(workflow(node('a', 'Twin'), node('b', 'Twin'), reader), 'a', 'New');
    expect(after.nodes[2]).toBe(reader);
  });

  it('gives the same document back when nothing changes', () => {
    const document = workflow(node('a', 'A'));
    expect(renameNode(document, 'a', 'A')).toBe(document);
    expect(renameNode(document, 'gone', 'B')).toBe(document);
  });
});

it('keeps the identity of values that read nothing renamed', () => {
  const value = { a: ["={{ $('x').item.y }}"], b: 1 };
  expect(withRenamedReads(value, new Map([['z', 'w']]))).toBe(value);
});
