/** One thing that keeps a document from running, in plain words, with what to do about it. */
export interface Problem {
  /** Stable, kebab-case; `docs/errors/<code>.md` explains it. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly nodeIds: readonly string[];
  /** Where in the document, such as `['nodes', 3, 'params', 'url']`. */
  readonly path: readonly (string | number)[];
  /**
   * `structure`: the graph itself is wrong, and not even a draft may be saved with it.
   * `unfinished`: a draft may be saved, but neither published nor run.
   */
  readonly stage: 'structure' | 'unfinished';
}
