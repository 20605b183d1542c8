import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { Autosave } from './autosave.ts';
import type { Commands } from './commands.ts';
import type { DocumentState, DocumentStore } from './document-store.ts';
import type { Types } from './edits.ts';
import type { ProblemState, ProblemStore } from './problem-store.ts';
import type { Refusals } from './refusal.ts';
import type { RunState, RunStore } from './run-store.ts';
import type { UiState, UiStore } from './ui-store.ts';

/** The stores behind one open workflow. They live as long as its page. */
export interface CanvasStores {
  readonly workflowId: string;
  readonly types: Types;
  readonly documents: DocumentStore;
  readonly autosave: Autosave;
  readonly problems: ProblemStore;
  readonly runs: RunStore;
  readonly ui: UiStore;
  readonly refusals: Refusals;
  readonly commands: Commands;
}

const CanvasContext = createContext<CanvasStores | undefined>(undefined);

export const CanvasProvider = CanvasContext.Provider;

export function useCanvas(): CanvasStores {
  const stores = use(CanvasContext);
  if (!stores) throw new Error('useCanvas is called outside a canvas');
  return stores;
}

export function useDocument<T>(select: (state: DocumentState) => T): T {
  return useStore(useCanvas().documents, select);
}

export function useUi<T>(select: (state: UiState) => T): T {
  return useStore(useCanvas().ui, select);
}

export function useRun<T>(select: (state: RunState & { readonly followed: string | undefined }) => T): T {
  return useStore(useCanvas().runs, select);
}

export function useProblems<T>(select: (state: ProblemState) => T): T {
  return useStore(useCanvas().problems, select);
}
