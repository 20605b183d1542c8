import { describe, expect, it } from 'vitest';
import type { WorkflowNode } from '../../spec/workflow/document.ts';
import { document, types } from './canvas.fixtures.ts';
import { clipOf, pasteClip, readClip } from './clipboard.ts';
import { selectionOf } from './selection.ts';

const clip = clipOf(document, selectionOf({ nodes: ['a', 'b'] }));

describe('clipboard', () => {
  it('takes what is selected and the edges between', () => {
    expect(clip.nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(clip.edges).toEqual([{ from: 'a', to: 'b' }]);
  });

  it('comes back from text, and any other text does not', () => {
    expect(readClip(JSON.stringify(clip))).toEqual(clip);
    expect(readClip('hello')).toBeUndefined();
    expect(readClip('{"nodes":[]}')).toBeUndefined();
  });

  it('takes a whole workflow as well', () => {
    expect(readClip(JSON.stringify(document))?.nodes).toHaveLength(4);
  });

  it('pastes under free ids and names, and references inside follow', () => {
    const { document: pasted, selection } = pasteClip(document, clip, [100, 200], types);
    expect([...selection.nodes]).toEqual(['a-2', 'b-2']);
    const copy = pasted.nodes.find(({ id }) => id === 'b-2');
    expect(copy).toMatchObject({
      name: 'B 2',
      params: { text: "={{ $('a-2').item.x }} and {{ $('A 2').first().y }}" },
    });
    expect(pasted.edges.at(-1)).toEqual({ from: 'a-2', to: 'b-2' });
    expect(pasted.layout['a-2']).toEqual([100, 200]);
    expect(pasted.layout['b-2']).toEqual([460, 200]);
  });

  it('keeps ids where they are free, and references to what was not copied', () => {
    const only = clipOf(document, selectionOf({ nodes: ['b'] }));
    const empty = { ...document, nodes: [], edges: [], layout: {} };
    expect(pasteClip(empty, only, [0, 0], types).document.nodes).toEqual([document.nodes[2]]);
  });

  it('lets SQL over the copied steps read the copies', () => {
    const sql = 'select A.x from A join "Start" s on true';
    const before = { ...document, nodes: document.nodes.map((node) => (node.id === 'b' ? asking(node, sql) : node)) };
    const copied = clipOf(before, selectionOf({ nodes: ['a', 'b'] }));
    const { document: pasted } = pasteClip(before, copied, [0, 0], types);
    expect(pasted.nodes.find(({ id }) => id === 'b-2')?.params.sql).toBe(
      'select "A 2".x from "A 2" join "Start" s on true',
    );
  });
});

function asking(node: WorkflowNode, sql: string): WorkflowNode {
  return { ...node, type: 'sql-over-steps', params: { sql } };
}
