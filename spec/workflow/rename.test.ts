import { describe, expect, it } from 'vitest';
import type { Workflow, WorkflowNode } from './document.ts';
import type { NodeTypes } from './node-type-index.ts';
import { renameNode, withRenamedReads } from './rename.ts';

const types: NodeTypes = [
  {
    type: 'sql-over-steps',
    version: 1,
    kind: 'action',
    category: 'data',
    title: 'SQL over steps',
    summary: '',
    connector: 'sql',
    keywords: [],
    credentials: [],
    params: { properties: { sql: { ui: { kind: 'code', label: 'SQL', tables: 'steps' } } } },
    inputs: [],
    outputs: [],
    effect: 'none',
    loads: [],
    preview: false,
    examples: [],
  },
];

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
    const after = renameNode(before, 'read', "Bob's list", types);
    expect(after.nodes[0]?.name).toBe("Bob's list");
    expect(after.nodes[1]?.params).toEqual({
      list: [{ x: "={{ $('Bob\\'s list').item.a + $('Bob\\'s list').first().b }}" }],
    });
    expect(after.nodes[2]).toBe(untouched);
    expect(renameNode(after, 'read', 'Read', types).nodes[1]?.params).toEqual({
      list: [{ x: "={{ $('Read').item.a + $('Read').first().b }}" }],
    });
  });

  it('touches no expression whose name means another node too', () => {
    const reader = node('r', 'R', { x: "={{ $('Twin').item.x }}" });
    const after = renameNode(workflow(node('a', 'Twin'), node('b', 'Twin'), reader), 'a', 'New', types);
    expect(after.nodes[2]).toBe(reader);
  });

  it('gives the same document back when nothing changes', () => {
    const document = workflow(node('a', 'A'));
    expect(renameNode(document, 'a', 'A', types)).toBe(document);
    expect(renameNode(document, 'gone', 'B', types)).toBe(document);
  });
});

describe('SQL over steps that reads a node which gets another name', () => {
  const asking = (sql: string): WorkflowNode => ({ ...node('ask', 'Ask', { sql }), type: 'sql-over-steps' });
  const renamed = (sql: string, to = 'Paid orders', ...more: WorkflowNode[]) =>
    renameNode(workflow(node('read', 'Orders'), asking(sql), ...more), 'read', to, types).nodes[1]?.params.sql;

  it.each([
    ['select * from "Orders"', 'select * from "Paid orders"'],
    ['select x from orders where orders.y > 1', 'select x from "Paid orders" where "Paid orders".y > 1'],
    ['select o.x from orders o, other', 'select o.x from "Paid orders" o, other'],
    ['select orders.x from "Orders" as orders', 'select orders.x from "Paid orders" as orders'],
    ["select 'orders', t.orders from orders t -- orders", `select 'orders', t.orders from "Paid orders" t -- orders`],
    [
      'select * from (select x from orders) join orders using (x)',
      'select * from (select x from "Paid orders") join "Paid orders" using (x)',
    ],
    ['with orders as (select 1 as x) select * from orders', 'with orders as (select 1 as x) select * from orders'],
    ['select * from read', 'select * from read'],
    ["={{ 'select * from orders' }}", "={{ 'select * from orders' }}"],
  ])('%s', (before, after) => {
    expect(renamed(before)).toBe(after);
  });

  it('is given the id where the new name would mean another node', () => {
    expect(renamed('select * from orders', 'twin', node('twin', 'Other'))).toBe('select * from "read"');
  });

  it('goes on reading the other node whose name the new one takes', () => {
    expect(renamed('select * from "TWIN"', 'TWIN', node('a', 'Twin'))).toBe('select * from "Twin"');
    expect(renamed('select * from "Say ""so"""', 'X', node('a', 'Say "so"'))).toBe('select * from "Say ""so"""');
  });
});

it('keeps the identity of params that read nothing renamed', () => {
  const reader = node('a', 'A', { a: ["={{ $('x').item.y }}"], b: 1 });
  expect(withRenamedReads(reader, types, { renames: new Map([['z', 'w']]), table: () => undefined })).toBe(
    reader.params,
  );
});
