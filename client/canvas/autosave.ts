import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SavedDraft } from '../../spec/api/workflow.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { asProblem, type ProblemError } from '../api/problem-error.ts';
import type { DocumentStore } from './document-store.ts';

/**
 * Saves the draft by itself, one request at a time.
 *
 *   saved --edit--> waiting --quiet for a moment--> saving --ok--> saved, or waiting if there was another edit
 *                                                   saving --409--> conflict --overwrite or load--> saving | saved
 *                                                   saving --else--> failed --edit, retry or back online--> saving
 */
export type SaveState =
  | { readonly kind: 'saved'; readonly at: number | undefined }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly error: ProblemError }
  | { readonly kind: 'conflict' };

export interface AutosavePorts {
  /** Rejects with a `ProblemError`. */
  save(document: Workflow, revision: string): Promise<SavedDraft>;
  /** Revision that the server has now. */
  newest(): Promise<{ revision: string; document: Workflow }>;
}

const quietMs = 700;

export class Autosave {
  readonly state: StoreApi<{ save: SaveState; revision: string }>;
  readonly #documents: DocumentStore;
  readonly #ports: AutosavePorts;
  readonly #unsubscribe: () => void;
  #saved: Workflow;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;

  constructor(documents: DocumentStore, revision: string, ports: AutosavePorts) {
    this.#documents = documents;
    this.#ports = ports;
    this.#saved = documents.getState().document;
    this.state = createStore(() => ({ save: { kind: 'saved', at: undefined } as SaveState, revision }));
    this.#unsubscribe = documents.subscribe((now, before) => {
      if (now.document !== before.document) this.#edited();
    });
  }

  /** Resolves once everything is saved, or could not be: look at the state. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#running) await this.#running;
    if (this.#isDirty && this.state.getState().save.kind !== 'conflict') await this.#start();
  }

  retry(): void {
    void this.flush();
  }

  /** After a conflict: what is on this canvas counts. */
  async overwrite(): Promise<void> {
    try {
      const { revision } = await this.#ports.newest();
      this.state.setState({ revision });
      await this.#start();
    } catch (error) {
      this.#set({ kind: 'failed', error: asProblem(error) });
    }
  }

  /** After a conflict, or when the server changed the draft: what the server has counts. */
  async loadNewest(): Promise<void> {
    try {
      const { revision, document } = await this.#ports.newest();
      this.#saved = document;
      this.#documents.getState().load(document);
      clearTimeout(this.#timer);
      this.state.setState({ revision, save: { kind: 'saved', at: undefined } });
    } catch (error) {
      this.#set({ kind: 'failed', error: asProblem(error) });
    }
  }

  close(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
  }

  get #isDirty(): boolean {
    return this.#documents.getState().document !== this.#saved;
  }

  #set(save: SaveState): void {
    this.state.setState({ save });
  }

  #edited(): void {
    const { kind } = this.state.getState().save;
    if (kind === 'conflict' || kind === 'saving') return;
    clearTimeout(this.#timer);
    if (!this.#isDirty) {
      this.#set({ kind: 'saved', at: undefined });
      return;
    }
    this.#set({ kind: 'waiting' });
    this.#timer = setTimeout(() => void this.#start(), quietMs);
  }

  #start(): Promise<void> {
    this.#running ??= this.#save().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #save(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#isDirty) {
      const { document } = this.#documents.getState();
      this.#set({ kind: 'saving' });
      try {
        const saved = await this.#ports.save(document, this.state.getState().revision);
        this.#saved = document;
        this.state.setState({ revision: saved.revision });
        if (!this.#isDirty) this.#set({ kind: 'saved', at: saved.savedAt });
      } catch (cause) {
        const error = asProblem(cause);
        this.#set(error.status === 409 ? { kind: 'conflict' } : { kind: 'failed', error });
        return;
      }
    }
  }
}
