import { describe, expect, it } from 'vitest';
import type { Workflow } from '../../spec/workflow/document.ts';
import { elkGraph, placesOf } from './arrange.ts';
import { document, nodeType, types } from './canvas.fixtures.ts';
import { createCommands } from './commands.ts';
import { blocksOf, outermostOf } from './containers.ts';
import { createDocumentStore } from './document-store.ts';
import { moveTo, setFields } from './edits.ts';
import { Refusals } from './refusal.ts';
import { selectionOf } from './selection.ts';

const noOp = types.get('no-op') ?? nodeType('no-op');
const manual = types.get('manual') ?? nodeType('manual');

/** start -> a (a container) -> b -> join */
function setUp(given: Workflow = setFields(document, 'a', { type: 'for-each' })) {
  const documents = createDocumentStore(given);
  const commands = createCommands(documents, types, new Refusals(types));
  const now = () => documents.getState().document;
  return {
    given,
    documents,
    commands,
    now,
    inside: () => commands.add(noOp, { kind: 'inside', container: 'a' }, [0, 0]),
    follow: (node: string) => commands.add(noOp, { kind: 'after', node, output: undefined }, [0, 0]),
    node: (id: string) => now().nodes.find((node) => node.id === id),
    at: (id: string) => now().layout[id] ?? [Number.NaN, Number.NaN],
    block: (id: string) => blocksOf(now(), types).get(id) ?? { left: 0, top: 0, right: 0, bottom: 0 },
  };
}

describe('containers', () => {
  it('take a step in below their card, without an edge, as one step that can be undone', () => {
    const { given, documents, now, inside, node, at } = setUp();
    const first = inside();
    expect(node(first)).toMatchObject({ parent: 'a' });
    expect(now().edges).toEqual(given.edges);
    expect(at(first)[1]).toBeGreaterThan(at('a')[1] + 78);
    const second = inside();
    expect(at(second)[1]).toBeGreaterThan(at(first)[1] + 78);
    documents.getState().undo();
    documents.getState().undo();
    expect(now()).toBe(given);
  });

  it('hold no trigger', () => {
    const { commands, node } = setUp();
    const id = commands.add(manual, { kind: 'inside', container: 'a' }, [0, 0]);
    expect(node(id)).not.toHaveProperty('parent');
  });

  it('hold what is added after a step inside, or on an edge inside', () => {
    const { commands, now, inside, follow, node } = setUp();
    const first = inside();
    const second = follow(first);
    expect(now().edges.at(-1)).toEqual({ from: first, to: second });
    expect(node(second)).toMatchObject({ parent: 'a' });
    const between = commands.add(noOp, { kind: 'on-edge', edge: { from: first, to: second } }, [0, 0]);
    expect(node(between)).toMatchObject({ parent: 'a' });
    expect(now().edges.slice(-2)).toEqual([
      { from: first, to: between },
      { from: between, to: second },
    ]);
  });

  it('push on what follows as their frame grows, and what is added later stands beside the frame', () => {
    const { inside, follow, at, block } = setUp();
    const second = follow(inside());
    expect(at('b')[0]).toBeGreaterThan(block('a').right);
    expect(block('a').right).toBeGreaterThan(at(second)[0]);
    const follower = follow('a');
    expect(at(follower)[0]).toBeGreaterThan(block('a').right);
  });

  it('leave no edge across their border', () => {
    const { documents, commands, now, inside } = setUp();
    const first = inside();
    const before = now();
    expect(commands.connect({ from: 'start', to: first })).toBe(false);
    expect(documents.getState().spoken.text).toContain('crosses the border of a container');
    expect(commands.connect({ from: first, to: 'b' })).toBe(false);
    expect(now()).toBe(before);
  });

  it('are laid out as their frame, with what stands in them where it stood in it', () => {
    const { now, inside, at, block } = setUp();
    const first = inside();
    const graph = elkGraph(now(), types);
    expect(graph.children?.map(({ id }) => id)).toEqual(['start', 'a', 'b', 'join']);
    const { left, top, right, bottom } = block('a');
    expect(graph.children?.[1]).toMatchObject({ width: right - left, height: bottom - top });
    const children = (graph.children ?? []).map((child, index) => ({ ...child, x: index * 1000, y: 0 }));
    const next = moveTo(now(), placesOf(now(), types, { ...graph, children }));
    expect(blocksOf(next, types).get('a')).toMatchObject({ left: 1000, top: -28 });
    expect(next.layout[first]?.[1]).toBe((next.layout.a?.[1] ?? 0) + at(first)[1] - at('a')[1]);
  });

  it('are moved, copied and deleted with what stands in them', () => {
    const { documents, commands, now, inside, at } = setUp();
    const first = inside();
    const [x, y] = at(first);
    documents.getState().select(selectionOf({ nodes: ['a'] }));
    commands.nudge(20, 40);
    expect(at(first)).toEqual([x + 20, y + 40]);
    commands.move(new Map([['a', [400, 0]]]));
    expect(at(first)).toEqual([x + 40, y]);
    commands.duplicate();
    expect(
      now()
        .nodes.map(({ parent }) => parent)
        .filter(Boolean),
    ).toEqual(['a', 'a-2']);
    const before = now();
    commands.remove();
    expect(now().nodes.some(({ parent }) => parent === 'a-2')).toBe(false);
    documents.getState().undo();
    expect(now()).toBe(before);
  });
});

describe('the container that a step runs in', () => {
  const inside = (id: string, parent: string) => (before: Workflow) => ({
    ...before,
    nodes: before.nodes.map((node) => (node.id === id ? { ...node, parent } : node)),
  });

  it('is the outermost one, and none for a step that stands in none', () => {
    const nested = inside('join', 'b')(inside('b', 'a')(document));
    expect(outermostOf(nested, 'join')?.id).toBe('a');
    expect(outermostOf(nested, 'b')?.id).toBe('a');
    expect(outermostOf(nested, 'a')).toBeUndefined();
  });

  it('is found also where containers stand in themselves', () => {
    expect(outermostOf(inside('a', 'b')(inside('b', 'a')(document)), 'a')?.id).toBe('b');
  });
});
