/** Where the blobs of a step (or of a round) are. Node ids hold no dot, so no step's folder is inside another's. */
export function blobFolder(runId: string, step: string): string {
  return `runs/${runId}/${step.replaceAll('/', '.')}`;
}
