import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Edge } from '../../spec/workflow/document.ts';
import type { Place } from './edits.ts';

/** What a chosen node type is for. */
export type PickerIntent =
  | { readonly kind: 'add'; readonly at?: Place }
  /** `at`: where a wire was dropped. */
  | { readonly kind: 'after'; readonly node: string; readonly output: string | undefined; readonly at?: Place }
  | { readonly kind: 'before'; readonly node: string; readonly input: string | undefined; readonly at: Place }
  | { readonly kind: 'on-edge'; readonly edge: Edge }
  | { readonly kind: 'inside'; readonly container: string };

export type CanvasDialog = 'shortcuts' | 'problems' | 'connect' | 'run' | 'difference' | 'history' | 'settings';

/** Passing state of the canvas: what is open, hovered and being done. None of it is saved or undone. */
export interface UiState {
  /** Open picker with the screen point that it hangs on. */
  readonly picker: { readonly intent: PickerIntent; readonly x: number; readonly y: number } | undefined;
  /** Node whose panel is open, and the parameter to go to. */
  readonly panel: { readonly node: string; readonly field?: string } | undefined;
  readonly renaming: string | undefined;
  readonly editingSticky: string | undefined;
  readonly hoveredEdge: string | undefined;
  /** Nodes of the loop that the wire in hand would close. */
  readonly loop: readonly string[];
  readonly dialog: CanvasDialog | undefined;
  readonly paletteOpen: boolean;
  /** Positions of what is being dragged, by node id or sticky key. */
  readonly moving: ReadonlyMap<string, Place>;
}

export type UiStore = StoreApi<UiState>;

export function createUiStore(): UiStore {
  return createStore<UiState>()(() => ({
    picker: undefined,
    panel: undefined,
    renaming: undefined,
    editingSticky: undefined,
    hoveredEdge: undefined,
    loop: [],
    dialog: undefined,
    paletteOpen: true,
    moving: new Map(),
  }));
}
