import { dirname } from 'node:path';

export const root = dirname(dirname(import.meta.dirname));

/** Tells a person; on stderr, so that the output of a command stays its own. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** A set-up step that failed for a reason that a person can do something about. */
export class SetupError extends Error {}
