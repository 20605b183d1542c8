import type { Edge, Workflow, WorkflowNode } from '../../spec/workflow/document.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { renameNode } from '../../spec/workflow/rename.ts';
import { countOf } from '../ui/format.ts';
import { cardWidth, columnGap } from './card-size.ts';
import { type Clip, clipOf, cornerOf, pasteClip } from './clipboard.ts';
import type { DocumentStore } from './document-store.ts';
import {
  addInside,
  addNode,
  addSticky,
  connect,
  freePlace,
  insertOnEdge,
  moveTo,
  newNode,
  type Place,
  parentOf,
  placeAfter,
  placeInside,
  removeSelected,
  stickyKey,
  type Types,
  toggleDisabled,
} from './edits.ts';
import { portsOf } from './flow-elements.ts';
import type { Refusals } from './refusal.ts';
import { edgeKey, isNothing, selectionOf } from './selection.ts';
import type { PickerIntent } from './ui-store.ts';

export type Alignment = 'left' | 'top' | 'column' | 'row';

/** What a person does on the canvas, each as one step that can be undone. */
export interface Commands {
  /** Adds a node of this type where the picker was opened; gives its id. */
  add(type: NodeType, intent: PickerIntent, middle: Place): string;
  /** Draws an edge, or says why not. */
  connect(edge: Edge): boolean;
  remove(): void;
  duplicate(): void;
  copied(): Clip | undefined;
  paste(clip: Clip, middle: Place): void;
  rename(node: string, name: string): void;
  toggleDisabled(): void;
  selectAll(): void;
  addNote(at: Place): string;
  move(places: ReadonlyMap<string, Place>): void;
  nudge(dx: number, dy: number): void;
  align(how: Alignment): void;
}

export function createCommands(documents: DocumentStore, types: Types, refusals: Refusals): Commands {
  const now = () => documents.getState();
  const name = (id: string) => now().document.nodes.find((node) => node.id === id)?.name ?? id;

  return {
    add(type, intent, middle) {
      const { document } = now();
      const node = newNode(document, type);
      const label = `Add "${node.name}"`;
      const selection = selectionOf({ nodes: [node.id] });
      const inputs = portsOf(node, type).inputs;
      const added = (before: Workflow, at: Place, parent: string | undefined) =>
        parent === undefined || type.kind === 'trigger'
          ? addNode(before, node, at)
          : addInside(before, node, { parent, at, types });
      now().apply(
        label,
        (before) => {
          if (intent.kind === 'on-edge' && inputs.length > 0) return insertOnEdge(before, intent.edge, node, types);
          if (intent.kind === 'inside') {
            return added(before, placeInside(before, intent.container, types), intent.container);
          }
          if (intent.kind === 'after') {
            const at = intent.at ?? placeAfter(before, intent.node, types);
            return joined(
              added(before, at, parentOf(before, intent.node)),
              edgeAfter(intent.node, intent.output, node),
              refusals,
            );
          }
          if (intent.kind === 'before') {
            const edge: Edge = { from: node.id, to: intent.node, ...(intent.input ? { input: intent.input } : {}) };
            return joined(added(before, intent.at, parentOf(before, intent.node)), edge, refusals);
          }
          const at = intent.kind === 'add' && intent.at ? intent.at : middle;
          return addNode(before, node, freePlace(before, at, types));
        },
        { selection },
      );
      return node.id;
    },

    connect(edge) {
      const refusal = refusals.of(now().document, edge);
      if (refusal) {
        now().say(refusal.message);
        return false;
      }
      now().apply(`Connect "${name(edge.from)}" to "${name(edge.to)}"`, (document) => connect(document, edge));
      return true;
    },

    remove() {
      const { selection, document } = now();
      if (isNothing(selection)) return;
      const parts = [
        selection.nodes.size > 0 ? countOf(selection.nodes.size, 'step') : '',
        selection.edges.size > 0 && selection.nodes.size === 0 ? countOf(selection.edges.size, 'edge') : '',
        selection.stickies.size > 0 ? countOf(selection.stickies.size, 'note') : '',
      ].filter(Boolean);
      now().apply(`Delete ${parts.join(' and ')}`, () => removeSelected(document, selection));
    },

    duplicate() {
      const { document, selection } = now();
      const clip = clipOf(document, selection);
      if (clip.nodes.length + clip.stickies.length === 0) return;
      const [x, y] = cornerOf(clip);
      const pasted = pasteClip(document, clip, [x + 40, y + 120], types);
      now().apply('Duplicate', () => pasted.document, { selection: pasted.selection });
    },

    copied() {
      const { document, selection } = now();
      const clip = clipOf(document, selection);
      return clip.nodes.length + clip.stickies.length > 0 ? clip : undefined;
    },

    paste(clip, middle) {
      const { document } = now();
      const overlaps = clip.nodes.some((node) => document.nodes.some((other) => other.id === node.id));
      const [x, y] = cornerOf(clip);
      const pasted = pasteClip(document, clip, overlaps ? [x + 40, y + 120] : middle, types);
      now().apply(`Paste ${countOf(clip.nodes.length, 'step')}`, () => pasted.document, {
        selection: pasted.selection,
      });
    },

    rename(node, to) {
      const trimmed = to.trim();
      if (trimmed === '' || trimmed === name(node)) return;
      now().apply(`Rename to "${trimmed}"`, (document) => renameNode(document, node, trimmed.slice(0, 200), types));
    },

    toggleDisabled() {
      const { selection } = now();
      if (selection.nodes.size === 0) return;
      const disable = now().document.nodes.some((node) => selection.nodes.has(node.id) && !node.disabled);
      now().apply(`${disable ? 'Disable' : 'Enable'} ${countOf(selection.nodes.size, 'step')}`, (document) =>
        toggleDisabled(document, selection.nodes),
      );
    },

    selectAll() {
      const { document, select, say } = now();
      select(
        selectionOf({
          nodes: document.nodes.map((node) => node.id),
          edges: document.edges.map(edgeKey),
          stickies: document.stickies.map((sticky) => sticky.id),
        }),
      );
      say(`${countOf(document.nodes.length, 'step')} selected`);
    },

    addNote(at) {
      const added = addSticky(now().document, at, '');
      now().apply('Add a note', () => added.document, { selection: selectionOf({ stickies: [added.id] }) });
      return added.id;
    },

    move(places) {
      now().apply('Move', (document) => moveTo(document, places));
    },

    nudge(dx, dy) {
      const { document, selection } = now();
      const places = new Map<string, Place>();
      for (const id of selection.nodes) {
        const [x, y] = document.layout[id] ?? [0, 0];
        places.set(id, [x + dx, y + dy]);
      }
      for (const sticky of document.stickies) {
        if (selection.stickies.has(sticky.id)) places.set(stickyKey(sticky.id), [sticky.at[0] + dx, sticky.at[1] + dy]);
      }
      now().apply('Move', (before) => moveTo(before, places), { joins: 'nudge' });
    },

    align(how) {
      const { document, selection } = now();
      const chosen = document.nodes.filter((node) => selection.nodes.has(node.id));
      if (chosen.length < 2) return;
      now().apply('Align', (before) => moveTo(before, aligned(chosen, before.layout, how)));
    },
  };
}

function edgeAfter(from: string, output: string | undefined, node: WorkflowNode): Edge {
  return { from, ...(output ? { output } : {}), to: node.id };
}

/** A node that cannot take the edge, such as a trigger, is added without it. */
function joined(document: Workflow, edge: Edge, refusals: Refusals) {
  return refusals.of(document, edge) ? document : connect(document, edge);
}

function aligned(
  nodes: readonly WorkflowNode[],
  layout: Readonly<Record<string, Place>>,
  how: Alignment,
): Map<string, Place> {
  const places = nodes.map((node) => ({ id: node.id, at: layout[node.id] ?? ([0, 0] as const) }));
  const left = Math.min(...places.map(({ at }) => at[0]));
  const top = Math.min(...places.map(({ at }) => at[1]));
  if (how === 'left') return new Map(places.map(({ id, at }) => [id, [left, at[1]]]));
  if (how === 'top') return new Map(places.map(({ id, at }) => [id, [at[0], top]]));
  const axis = how === 'row' ? 0 : 1;
  const sorted = [...places].sort((a, b) => a.at[axis] - b.at[axis]);
  return new Map(
    sorted.map(({ id }, index) => [
      id,
      how === 'row' ? [left + index * (cardWidth + columnGap), top] : [left, top + index * 140],
    ]),
  );
}
