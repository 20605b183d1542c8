import { describe, expect, it } from 'vitest';
import { document, nodeType, types } from './canvas.fixtures.ts';
import {
  addNode,
  changeNode,
  connect,
  freeId,
  freePlace,
  insertOnEdge,
  moveTo,
  newNode,
  removeSelected,
  setFields,
  setParam,
  toggleDisabled,
} from './edits.ts';
import { edgeKey, selectionOf } from './selection.ts';

const noOp = types.get('no-op') ?? nodeType('no-op');

describe('edits', () => {
  it('makes readable ids and free names, with the defaults of the type', () => {
    expect(freeId('Read the Scores!', new Set())).toBe('read-the-scores');
    expect(freeId('A', new Set(['a', 'a-2']))).toBe('a-3');
    expect(freeId('!!!', new Set())).toBe('step');
    expect(newNode(document, noOp)).toMatchObject({ id: 'do-nothing', name: 'Do nothing', params: { count: 3 } });
  });

  it('puts a node into an edge and moves on what came after it', () => {
    const node = newNode(document, noOp);
    const next = insertOnEdge(document, { from: 'a', to: 'b' }, node, types);
    expect(next.edges.map(edgeKey)).toEqual(['start/>a/', `a/>${node.id}/`, `${node.id}/>b/`, 'b/>join/left']);
    expect(next.layout.b?.[0]).toBeGreaterThan(document.layout.b?.[0] ?? 0);
    expect(next.layout.a).toEqual(document.layout.a);
  });

  it('finds a place that no card covers', () => {
    expect(freePlace(document, [2000, 0], types)).toEqual([2000, 0]);
    expect(freePlace(document, [360, 10], types)[1]).toBeGreaterThan(78);
  });

  it('removes nodes with their edges, and containers with what stands in them', () => {
    const next = removeSelected(document, selectionOf({ nodes: ['a'] }));
    expect(next.nodes.map(({ id }) => id)).toEqual(['start', 'b', 'join']);
    expect(next.edges).toEqual([{ from: 'b', to: 'join', input: 'left' }]);
    expect(next.layout.a).toBeUndefined();
    const nested = setFields(document, 'b', { parent: 'a' });
    expect(removeSelected(nested, selectionOf({ nodes: ['a'] })).nodes.map(({ id }) => id)).toEqual(['start', 'join']);
  });

  it('draws an edge once', () => {
    expect(connect(document, { from: 'start', to: 'a' })).toBe(document);
    expect(connect(document, { from: 'start', to: 'b' }).edges).toHaveLength(4);
  });

  it('sets and takes away parameters and fields without touching other nodes', () => {
    const next = setParam(document, 'a', 'x', 1);
    expect(next.nodes[1]?.params).toEqual({ x: 1 });
    expect(next.nodes[2]).toBe(document.nodes[2]);
    expect(setParam(next, 'a', 'x', undefined).nodes[1]?.params).toEqual({});
    expect(setFields(document, 'a', { disabled: undefined }).nodes[1]).not.toHaveProperty('disabled');
    expect(changeNode(document, 'a', (node) => node)).toBe(document);
  });

  it('disables all when one is enabled, else enables all', () => {
    const off = toggleDisabled(setFields(document, 'a', { disabled: true }), new Set(['a', 'b']));
    expect(off.nodes.map(({ disabled }) => disabled)).toEqual([undefined, true, true, undefined]);
    expect(toggleDisabled(off, new Set(['a', 'b'])).nodes.some(({ disabled }) => disabled)).toBe(false);
  });

  it('snaps places', () => {
    expect(moveTo(document, new Map([['a', [13, 18.6]]])).layout.a).toEqual([12, 20]);
    expect(addNode(document, newNode(document, noOp), [1, 1]).layout['do-nothing']).toEqual([0, 0]);
  });
});
