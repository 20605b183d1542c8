import type { JournalEntry } from '../engine/journal.ts';
import type { BlobStore, BlobWriter, RunStore } from '../engine/ports.ts';

/**
 * Fault points: the instants between which a crash makes a difference. A test names one in `SLUICE_FAULT_POINT` (`journal.effect-intent:after`,
 * or `...@3` for the third time), and the process kills itself there, as `kill -9` does. Without that setting the ports are not even wrapped.
 *
 *   store.<act>:before     nothing of the act is on disk
 *   store.<act>:after      it is durable, and nobody has been told; after `store.acceptRun`, a webhook has not been answered
 *   journal.<entry>:...    the same for a hand-over of journal entries with such an entry among them. Before `journal.effect-outcome` a call
 *                          has been made, and what came of it is nowhere
 *   blob.<act>:...         the same for a spilled dataset or a file: opened, a chunk written, synced, closed
 *   draft.written          a draft is in its file, and not in Git
 *   publish.recorded       what is live has changed, and neither Git, nor triggers, nor the caller know of it
 */
export type FaultPoint =
  | `${
      | `store.${keyof RunStore}`
      | `journal.${JournalEntry['is']}`
      | `blob.${keyof BlobStore | keyof BlobWriter}`}:${'before' | 'after'}`
  | 'draft.written'
  | 'publish.recorded';

const [armed = '', turn = '1'] = (process.env.SLUICE_FAULT_POINT ?? '').split('@');
let left = Number(turn);

export function faultPoint(point: FaultPoint): void {
  reach(point);
}

export function storeWithFaultPoints(store: RunStore): RunStore {
  if (armed === '') return store;
  return watched(store, (act, args) => {
    if (act !== 'append') return [`store.${act}`];
    return new Set((args[1] as readonly JournalEntry[]).map(({ is }) => `journal.${is}`));
  });
}

export function blobsWithFaultPoints(blobs: BlobStore): BlobStore {
  if (armed === '') return blobs;
  const points = (act: string) => [`blob.${act}`];
  const store = watched(blobs, points);
  const writer = async (...given: Parameters<BlobStore['writer']>) => watched(await store.writer(...given), points);
  return new Proxy(store, { get: (target, name) => (name === 'writer' ? writer : Reflect.get(target, name)) });
}

/** The port, with a fault point before and after each of its acts. */
function watched<Port extends object>(
  port: Port,
  pointsOf: (act: string, args: readonly unknown[]) => Iterable<string>,
): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const act: unknown = Reflect.get(target, name);
      if (typeof act !== 'function') return act;
      return (...args: unknown[]) => {
        const points = [...pointsOf(String(name), args)];
        for (const point of points) reach(`${point}:before`);
        const result: unknown = act.apply(target, args);
        if (!(result instanceof Promise)) return result;
        return result.then((value) => {
          for (const point of points) reach(`${point}:after`);
          return value;
        });
      };
    },
  });
}

function reach(point: string): void {
  if (point === armed && --left === 0) process.kill(process.pid, 'SIGKILL');
}
