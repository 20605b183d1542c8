import { describe, expect, it } from 'vitest';
import { document, nodeType, types } from './canvas.fixtures.ts';
import { createCommands } from './commands.ts';
import { createDocumentStore } from './document-store.ts';
import { Refusals } from './refusal.ts';
import { selectionOf } from './selection.ts';

function setUp() {
  const documents = createDocumentStore(document);
  return {
    documents,
    commands: createCommands(documents, types, new Refusals(types)),
    now: () => documents.getState(),
  };
}

const noOp = types.get('no-op') ?? nodeType('no-op');
const manual = types.get('manual') ?? nodeType('manual');

describe('commands', () => {
  it('adds a node after another, connected and selected, as one step', () => {
    const { commands, now } = setUp();
    const id = commands.add(noOp, { kind: 'after', node: 'join', output: undefined }, [0, 0]);
    expect(now().document.edges.at(-1)).toEqual({ from: 'join', to: id });
    expect([...now().selection.nodes]).toEqual([id]);
    now().undo();
    expect(now().document).toBe(document);
  });

  it('adds a trigger without an edge where it could take none', () => {
    const { commands, now } = setUp();
    commands.add(manual, { kind: 'on-edge', edge: { from: 'a', to: 'b' } }, [0, 0]);
    expect(now().document.nodes).toHaveLength(5);
    expect(now().document.edges).toHaveLength(3);
  });

  it('refuses a loop and says which', () => {
    const { commands, now } = setUp();
    expect(commands.connect({ from: 'b', to: 'a' })).toBe(false);
    expect(now().document).toBe(document);
    expect(now().spoken.text).toContain('loop');
  });

  it('deletes what is selected and brings all of it back', () => {
    const { commands, now } = setUp();
    now().select(selectionOf({ nodes: ['a', 'b'] }));
    commands.remove();
    expect(now().spoken.text).toBe('Delete 2 steps');
    expect(now().document.edges).toEqual([]);
    now().undo();
    expect(now().document).toBe(document);
    expect([...now().selection.nodes]).toEqual(['a', 'b']);
  });

  it('renames and keeps references by name right', () => {
    const { commands, now } = setUp();
    commands.rename('a', '  Accounts ');
    expect(now().document.nodes[1]).toMatchObject({ id: 'a', name: 'Accounts' });
    expect(now().document.nodes[2]?.params.text).toBe("={{ $('a').item.x }} and {{ $('Accounts').first().y }}");
    const before = now().document;
    commands.rename('a', '   ');
    expect(now().document).toBe(before);
  });

  it('aligns side by side in their order', () => {
    const { commands, now } = setUp();
    now().select(selectionOf({ nodes: ['b', 'a'] }));
    commands.align('column');
    expect(now().document.layout.a?.[0]).toBe(now().document.layout.b?.[0]);
  });

  it('moves step by step, undone as one', () => {
    const { commands, now } = setUp();
    now().select(selectionOf({ nodes: ['a'] }));
    commands.nudge(20, 0);
    commands.nudge(20, 0);
    expect(now().document.layout.a).toEqual([400, 0]);
    now().undo();
    expect(now().document.layout.a).toEqual([360, 0]);
  });
});
