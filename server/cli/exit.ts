/** Exit codes of every command. */
export const exit = { ok: 0, failed: 1, wrongUse: 2 } as const;

/** Ends a command with a message; `code` says whether what was checked or run failed, or the command was used wrongly. */
export class CommandError extends Error {
  readonly code: number;

  constructor(message: string, code: number = exit.wrongUse) {
    super(message);
    this.code = code;
  }
}
