/** What `emit` gives: a promise while what follows is slower, to be waited for before more is given. */
export type Brake = void | Promise<void>;

/** Both, where there is something to wait for. Their failures are for whoever waits, and lost where something else failed before that. */
export function both(one: Brake, other: Brake): Brake {
  other?.catch(() => {});
  return one && other ? Promise.all([one, other]).then(() => {}) : (one ?? other);
}
