import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Workflow } from '../../spec/workflow/document.ts';
import { edgeKey, nothingSelected, type Selection, selectionOf } from './selection.ts';

interface Step {
  /** What the person did, such as "Delete 2 steps". */
  readonly label: string;
  readonly document: Workflow;
  readonly selection: Selection;
}

export interface ApplyOptions {
  readonly selection?: Selection;
  /** Edits in a row with the same key, such as typing in one field, are undone as one. */
  readonly joins?: string;
}

export interface DocumentState {
  readonly document: Workflow;
  readonly selection: Selection;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  /** Said to screen readers; `count` tells apart the same words said twice. */
  readonly spoken: { readonly text: string; readonly count: number };
  readonly readOnly: boolean;

  /** Replaces the document as one step that can be undone. Nothing happens if the edit gives the same document back. */
  apply(label: string, edit: (document: Workflow) => Workflow, options?: ApplyOptions): void;
  undo(): void;
  redo(): void;
  select(selection: Selection): void;
  say(text: string): void;
  /** Another document from outside, such as a newer revision; history begins anew. */
  load(document: Workflow): void;
}

export type DocumentStore = StoreApi<DocumentState>;

const longestHistory = 300;

/** The draft under edit, as pure state: no request, no drawing. Documents are never changed in place, so a step of history is a reference. */
export function createDocumentStore(document: Workflow, options: { readOnly?: boolean } = {}): DocumentStore {
  let joined: string | undefined;
  return createStore<DocumentState>()((set, get) => ({
    document,
    selection: nothingSelected,
    past: [],
    future: [],
    spoken: { text: '', count: 0 },
    readOnly: options.readOnly ?? false,

    apply(label, edit, { selection, joins } = {}) {
      const before = get();
      if (before.readOnly) {
        before.say('Your role may look at this workflow but not change it.');
        return;
      }
      const next = edit(before.document);
      if (next === before.document) return;
      const joinsLast = joins !== undefined && joins === joined && before.past.length > 0;
      joined = joins;
      set({
        document: next,
        selection: existing(selection ?? before.selection, next),
        past: joinsLast
          ? before.past
          : [...before.past, { label, document: before.document, selection: before.selection }].slice(-longestHistory),
        future: [],
        spoken: joins === undefined ? spokenNext(before, label) : before.spoken,
      });
    },

    undo() {
      const { past, future, document: current, selection, ...state } = get();
      const step = past.at(-1);
      if (!step) return;
      joined = undefined;
      set({
        document: step.document,
        selection: step.selection,
        past: past.slice(0, -1),
        future: [...future, { label: step.label, document: current, selection }],
        spoken: spokenNext(state, `Undone: ${step.label}`),
      });
    },

    redo() {
      const { past, future, document: current, selection, ...state } = get();
      const step = future.at(-1);
      if (!step) return;
      joined = undefined;
      set({
        document: step.document,
        selection: step.selection,
        past: [...past, { label: step.label, document: current, selection }],
        future: future.slice(0, -1),
        spoken: spokenNext(state, `Done again: ${step.label}`),
      });
    },

    select(selection) {
      const before = get().selection;
      if (
        !same(before.nodes, selection.nodes) ||
        !same(before.edges, selection.edges) ||
        !same(before.stickies, selection.stickies)
      ) {
        set({ selection });
      }
    },

    say(text) {
      set({ spoken: spokenNext(get(), text) });
    },

    load(loaded) {
      joined = undefined;
      set({ document: loaded, selection: existing(get().selection, loaded), past: [], future: [] });
    },
  }));
}

function spokenNext({ spoken }: Pick<DocumentState, 'spoken'>, text: string): DocumentState['spoken'] {
  return { text, count: spoken.count + 1 };
}

/** The selection without what the document no longer has. */
function existing(selection: Selection, document: Workflow): Selection {
  const nodes = new Set(document.nodes.map((node) => node.id));
  const edges = new Set(document.edges.map(edgeKey));
  const stickies = new Set(document.stickies.map((sticky) => sticky.id));
  return selectionOf({
    nodes: [...selection.nodes].filter((id) => nodes.has(id)),
    edges: [...selection.edges].filter((key) => edges.has(key)),
    stickies: [...selection.stickies].filter((id) => stickies.has(id)),
  });
}

function same(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
