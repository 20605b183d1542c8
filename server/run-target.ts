import type { RunView } from '../spec/api/run.ts';
import type { Workflow } from '../spec/workflow/document.ts';
import { Fault } from './fault.ts';
import type { Services } from './services.ts';
import { hashOf } from './workspace/workspace.ts';

/** What a run runs: a document that has been checked, and its content hash. */
export interface RunTarget {
  readonly document: Workflow;
  readonly version: string;
  readonly draft: boolean;
}

type Sources = Pick<Services, 'workspace' | 'checker'>;

export async function draftOf(id: string, { workspace, checker }: Sources): Promise<RunTarget> {
  const { document, revision } = await workspace.get(id);
  return { document: await checker.runnable(document), version: revision, draft: true };
}

export async function publishedOf(id: string, { workspace, checker }: Sources): Promise<RunTarget> {
  await workspace.get(id);
  const published = await workspace.published(id);
  if (!published) throw notPublished(id);
  await checker.runnable(published.document);
  return { ...published, draft: false };
}

/** What a restart on the newest version runs: the draft for a draft's run, else what is published. */
export async function newestOf(
  run: Pick<RunView, 'draft' | 'workflowId'>,
  sources: Sources,
): Promise<{ document: Workflow; version: string }> {
  const { document } = await (run.draft ? draftOf : publishedOf)(run.workflowId, sources);
  return { document, version: hashOf(document) };
}

export function notPublished(id: string): Fault {
  return new Fault({
    kind: 'conflict',
    code: 'not-published',
    message: `The workflow "${id}" is not published.`,
    remedy: 'Publish it, or run its draft ("draft": true).',
  });
}
