import type { Journal } from './ledger.ts';
import type { EnginePorts } from './ports.ts';

/** Where everything of a run is that is too large for its row: spilled datasets, and the files that its steps stored. */
export function runFolder(runId: string): string {
  return `runs/${runId}`;
}

/** Where the files are that the steps of a run stored. */
export function filesFolder(runId: string): string {
  return `${runFolder(runId)}/files`;
}

/** Where the blobs of a step (or of a round) are. Node ids hold no dot, so no step's folder is inside another's. */
export function blobFolder(runId: string, step: string): string {
  return `${runFolder(runId)}/steps/${step.includes('/') ? step.replaceAll('/', '.') : step}`;
}

/** Gives the space of blobs back once the journal, which does not name them any more, is durable. */
export function forgetBlobs(
  run: { readonly journal: Journal; readonly ports: EnginePorts },
  blobs: readonly string[],
): void {
  if (blobs.length === 0) return;
  void run.journal
    .durable()
    .then(() => Promise.all(blobs.map((blob) => run.ports.blobs.delete(blob))))
    .catch(() => {});
}
