import type { Request, Response } from 'express';
import { routes } from '../../spec/api/routes.ts';
import type { RunSummary } from '../../spec/api/run.ts';
import type { WorkflowSummary, WorkflowView } from '../../spec/api/workflow.ts';
import { FORMAT } from '../../spec/workflow/document.ts';
import { printWorkflow } from '../../spec/workflow/print.ts';
import { isRecord } from '../../spec/workflow/record.ts';
import type { Caller } from '../auth/caller.ts';
import { Fault } from '../fault.ts';
import { importWorkflow } from '../import-workflow.ts';
import { notPublished } from '../run-target.ts';
import type { Services } from '../services.ts';
import type { Draft } from '../workspace/workspace.ts';
import { answered, type Bind } from './bind.ts';

const LAST_RUNS = 5;

export function workflowRoutes(bind: Bind, services: Services): void {
  const { workspace, checker, triggers, samples } = services;
  const view = async (draft: Draft, res: Response): Promise<WorkflowView> => {
    res.setHeader('ETag', `"${draft.revision}"`);
    return {
      id: draft.document.id,
      document: draft.document,
      revision: draft.revision,
      published: workspace.publication(draft.document.id) ?? null,
      problems: await checker.problems(draft.document),
    };
  };

  bind(routes.listWorkflows, async () => {
    const drafts = await workspace.list();
    return { workflows: await Promise.all(drafts.map((draft) => summary(draft, services))) };
  });

  bind(routes.createWorkflow, async ({ body, caller, res }) => {
    const draft = await workspace.create(await checker.runnable(documentIn(body)), authorOf(caller));
    res.location(`/api/v1/workflows/${draft.document.id}`);
    return view(draft, res);
  });

  bind(routes.getWorkflow, async ({ params, res }) => view(await workspace.get(params.id), res));

  bind(routes.replaceWorkflow, async ({ params, body, caller, req, res }) => {
    await workspace.get(params.id);
    const document = await checker.runnable(ofSameId(documentIn(body), params.id));
    return view(await workspace.save(document, authorOf(caller), { expected: ifMatch(req) }), res);
  });

  bind(routes.saveDraft, async ({ params, body, caller, req, res }) => {
    const expected = ifMatch(req);
    if (expected === undefined) throw needsRevision();
    await workspace.get(params.id);
    const { document, problems } = await checker.sound(ofSameId(documentIn(body), params.id));
    const draft = await workspace.save(document, authorOf(caller), { expected });
    res.setHeader('ETag', `"${draft.revision}"`);
    return { revision: draft.revision, savedAt: draft.updatedAt, problems };
  });

  bind(routes.deleteWorkflow, async ({ params, caller }) => {
    await workspace.delete(params.id, authorOf(caller));
    await triggers.sync(params.id);
    await samples.delete(params.id);
  });

  bind(routes.publishWorkflow, async ({ params, caller }) => {
    const { version, at } = await workspace.publish(params.id, authorOf(caller), async (document) => {
      triggers.checkPaths(await checker.runnable(document));
    });
    await triggers.sync(params.id);
    return { version, publishedAt: at };
  });

  bind(routes.unpublishWorkflow, async ({ params }) => {
    await workspace.unpublish(params.id);
    await triggers.sync(params.id);
  });

  bind(routes.getPublished, async ({ params }) => {
    await workspace.get(params.id);
    const published = await workspace.published(params.id);
    if (!published) throw notPublished(params.id);
    return published.document;
  });

  bind(routes.exportWorkflow, async ({ params, res }) => {
    const { document } = await workspace.get(params.id);
    res.attachment(`${document.id}.json`).type('json').send(printWorkflow(document));
    return answered;
  });

  bind(routes.getHistory, async ({ params, query }) => ({
    entries: await workspace.pastEntries(params.id, query.limit),
  }));

  bind(routes.getPastDocument, ({ params }) => workspace.past(params.id, params.commit));

  bind(routes.restoreWorkflow, async ({ params, body, caller, res }) => {
    const { document } = await checker.sound(await workspace.past(params.id, body.commit));
    const message = `Restore ${document.name} as of ${body.commit.slice(0, 8)}`;
    return view(await workspace.save(document, authorOf(caller), { message }), res);
  });

  bind(routes.validateDocument, async ({ body }) => ({ problems: await checker.problems(documentIn(body)) }));

  bind(routes.importWorkflow, ({ body, query, caller }) =>
    importWorkflow(services, documentIn(body), { replace: query.replace, author: authorOf(caller) }),
  );
}

async function summary(draft: Draft, { workspace, engine, triggers, catalogue }: Services): Promise<WorkflowSummary> {
  const { document, revision, updatedAt, updatedBy } = draft;
  const published = workspace.publication(document.id) ?? null;
  const lastRuns: RunSummary[] = (await engine.runs({ workflowId: document.id, limit: LAST_RUNS })).runs;
  const nextRunAt = triggers.nextRunAt(document.id);
  return {
    id: document.id,
    name: document.name,
    ...(document.description === undefined ? {} : { description: document.description }),
    updatedAt,
    ...(updatedBy === undefined ? {} : { updatedBy }),
    published,
    changed: published !== null && published.version !== revision,
    lastRuns,
    triggers: document.nodes.flatMap((node) =>
      catalogue.trigger(node.type) ? [{ node: node.id, type: node.type }] : [],
    ),
    ...(nextRunAt === undefined ? {} : { nextRunAt }),
  };
}

/** The document of a request: the body itself, or what it holds under `document`. */
export function documentIn(body: Record<string, unknown>): unknown {
  return !('format' in body) && isRecord(body.document) ? body.document : body;
}

function ofSameId(document: unknown, id: string): unknown {
  if (!isRecord(document) || document.format !== FORMAT || document.id === id) return document;
  throw new Fault({
    kind: 'bad-request',
    code: 'other-id',
    message: `The document says its id is "${String(document.id)}", but the address says "${id}".`,
    remedy: 'An id never changes: use the same in both, or make a new workflow.',
  });
}

export function authorOf(caller: Caller | undefined): { name: string; email: string } {
  return { name: caller?.name ?? 'Sluice', email: caller?.email ?? 'sluice@localhost' };
}

/** The revision that the caller has seen; `*` and none are any. */
function ifMatch(req: Request): string | undefined {
  const given = req.headers['if-match']?.trim();
  if (given === undefined || given === '*') return undefined;
  return given.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
}

function needsRevision(): Fault {
  return new Fault({
    kind: 'precondition-required',
    code: 'revision-needed',
    message: 'A draft is saved over the state that you have seen, so that nobody’s changes are lost.',
    remedy: 'Send the revision of that state in the header If-Match.',
  });
}
