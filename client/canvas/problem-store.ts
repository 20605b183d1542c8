import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ValidationContext, validate } from '../../spec/workflow/index.ts';
import type { Problem } from '../../spec/workflow/problem.ts';
import type { DocumentStore } from './document-store.ts';
import type { Types } from './edits.ts';

export interface ProblemState {
  readonly all: readonly Problem[];
  /** By node that the problem concerns first. */
  readonly byNode: ReadonlyMap<string, readonly Problem[]>;
}

export type ProblemStore = StoreApi<ProblemState> & {
  /** What exists outside the document, such as credentials. */
  setContext(context: ValidationContext): void;
  close(): void;
};

/** The problems of the draft as it stands, found by the same function that the server calls. */
export function createProblemStore(documents: DocumentStore, types: Types): ProblemStore {
  let context: ValidationContext = {};
  const find = () => byNode(validate(documents.getState().document, types, context));
  const store = createStore<ProblemState>()(find);
  const close = documents.subscribe((now, before) => {
    if (now.document !== before.document) store.setState(find());
  });
  return Object.assign(store, {
    setContext(next: ValidationContext) {
      context = next;
      store.setState(find());
    },
    close,
  });
}

function byNode(all: readonly Problem[]): ProblemState {
  const found = new Map<string, Problem[]>();
  for (const problem of all) {
    const [id] = problem.nodeIds;
    if (id === undefined) continue;
    const list = found.get(id);
    if (list) list.push(problem);
    else found.set(id, [problem]);
  }
  return { all, byNode: found };
}
