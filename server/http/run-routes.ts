import type { RunFilter, RunRequest } from '../../engine/ports.ts';
import { routes } from '../../spec/api/routes.ts';
import type { RunStatus, RunView } from '../../spec/api/run.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { type DataRecord, isRecord } from '../../spec/workflow/record.ts';
import type { Caller } from '../auth/caller.ts';
import { Fault, notFound } from '../fault.ts';
import { answerStep, needsYou } from '../needs-you.ts';
import { runOutput } from '../run-output.ts';
import { draftOf, publishedOf } from '../run-target.ts';
import type { Services } from '../services.ts';
import { hashOf } from '../workspace/workspace.ts';
import { answered, type Bind } from './bind.ts';
import type { EventStreams } from './events.ts';

const FINISHED: readonly RunStatus[] = ['succeeded', 'failed', 'cancelled'];

export function runRoutes(bind: Bind, services: Services, events: EventStreams): void {
  const { engine, dispatcher, workspace, catalogue, removals, restarts } = services;
  const existing = async (id: string): Promise<RunView> => {
    const run = await engine.run(id);
    if (!run) throw notFound('run', id);
    return run;
  };

  bind(routes.startRun, async ({ params, body = {} }) => {
    const target =
      body.draft || body.only !== undefined
        ? await draftOf(params.id, services)
        : await publishedOf(params.id, services);
    checkNodes(target.document, body, catalogue);
    const { samples } = services;
    const { id } = await dispatcher.start({
      ...target,
      ...(body.trigger === undefined ? {} : { trigger: body.trigger }),
      ...recordsOf(body.input),
      ...(body.only === undefined ? {} : { only: body.only, samples: await samples.get(params.id) }),
      cause: body.only === undefined ? 'manual' : 'test',
      until: 'accepted',
    } satisfies RunRequest);

    return { id };
  });

  bind(routes.runDocument, async ({ body, caller }) => {
    const document = await services.checker.runnable(body.document);
    const { id } = await dispatcher.start({
      document,
      version: hashOf(document),
      draft: true,
      cause: caller?.via === 'local' ? 'cli' : 'manual',
      ...recordsOf(body.input),
      until: 'accepted',
    });
    return { id };
  });

  bind(routes.listRuns, async ({ query }) => {
    const filter: RunFilter = {
      limit: query.limit,
      ...(query.workflow === undefined ? {} : { workflowId: query.workflow }),
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
    };
    const page = await engine.runs(filter);
    const removed = page.cursor === undefined ? removals.of(query.workflow) : undefined;
    return { ...page, ...(removed ? { removed } : {}) };
  });

  bind(routes.getRun, async ({ params }) => {
    const run = await existing(params.id);
    const document = await workspace.version(run.version);
    if (!document) throw notFound('version', run.version);
    return { ...run, document };
  });

  bind(routes.getRunLog, async ({ params }) => {
    await existing(params.id);
    return { lines: await engine.log(params.id) };
  });

  bind(routes.getRunOutput, async ({ params }) => {
    const run = await existing(params.id);
    const document = await workspace.version(run.version);
    return { records: document ? await runOutput(engine, params.id, document) : [] };
  });

  bind(routes.getRecords, async ({ params, query }) => {
    await existing(params.id);
    const options = {
      offset: query.offset,
      limit: query.limit,
      ...(query.port === undefined ? {} : { port: query.port }),
    };
    const page = await (query.side === 'in'
      ? engine.inputRecords(params.id, params.node, options)
      : engine.records(params.id, params.node, options));
    if (!page) throw notFound('step', params.node);
    return page;
  });

  bind(routes.getProfile, async ({ params, query: { port, side, sample } }) => {
    await existing(params.id);
    const options = { sample, ...(port === undefined ? {} : { port }) };
    const profile = await engine.profile(params.id, params.node, side, options);
    if (!profile) throw notFound('step', params.node);
    return profile;
  });

  bind(routes.getTrace, async ({ params, query: { node, port, ...rest } }) => {
    await existing(params.id);
    const trace = await engine.trace(params.id, node, { ...rest, ...(port === undefined ? {} : { port }) });
    if (!trace) throw noRecord(rest.index);
    return trace;
  });

  bind(routes.cancelRun, async ({ params, caller }) => {
    const run = await existing(params.id);
    if (FINISHED.includes(run.status)) throw ended(run);
    if (!(await engine.cancel(params.id, nameOf(caller)))) throw ended(run);
    return { id: params.id };
  });

  bind(routes.restartRun, async ({ params, body = {} }) => ({ id: await restarts.restart(params.id, body) }));

  bind(routes.previewRestart, ({ params, query }) => restarts.preview(params.id, query));

  bind(routes.restartFailed, ({ params, body = {} }) => restarts.restartFailed(params.id, body));

  bind(routes.previewRestartFailed, ({ params, query }) => restarts.previewFailed(params.id, query));

  bind(routes.answerStep, async ({ params, body, caller }) => {
    await answerStep(engine, { run: params.id, step: params.node }, body, caller);
  });

  bind(routes.getNeedsYou, async () => ({ items: await needsYou(engine) }));

  bind(routes.getEvents, ({ query, res }) => {
    events.open(res, query);
    return answered;
  });
}

function recordsOf(input: DataRecord | readonly DataRecord[] | undefined): { records?: readonly DataRecord[] } {
  if (input === undefined) return {};
  return { records: isRecord(input) ? [input] : input };
}

function checkNodes(
  { nodes }: Pick<Workflow, 'nodes'>,
  { trigger, only }: { trigger?: string | undefined; only?: string | undefined },
  catalogue: Services['catalogue'],
): void {
  for (const id of [trigger, only]) {
    if (id !== undefined && !nodes.some((node) => node.id === id)) throw notFound('node', id);
  }
  const first = nodes.find(({ id }) => id === trigger);
  if (first && !catalogue.trigger(first.type)) throw notATrigger(first.name);
  const alone = nodes.find(({ id }) => id === only);
  const container = nodes.find(({ id }) => id === alone?.parent);
  if (alone && container) throw runsInRounds(alone.name, container.name);
}

function notATrigger(step: string): Fault {
  return new Fault({
    kind: 'bad-request',
    code: 'not-a-trigger',
    message: `"${step}" is no trigger, so a run cannot begin with it.`,
    remedy:
      'Name a trigger of the workflow, or leave it out to begin with the first one. To run one step alone, name it under "only".',
  });
}

function runsInRounds(step: string, container: string): Fault {
  return new Fault({
    kind: 'conflict',
    code: 'runs-in-rounds',
    message: `"${step}" stands inside "${container}" and runs only in its rounds, so it cannot be run by itself.`,
    remedy: `Run "${container}" by itself: it does all that stands inside it on the sample data.`,
  });
}

function nameOf(caller: Caller | undefined): string {
  return caller?.name ?? 'somebody';
}

function noRecord(index: number): Fault {
  return new Fault({
    kind: 'not-found',
    code: 'record-not-found',
    message: `This step has no record at position ${index + 1} there.`,
    remedy: 'Look at the records of the step; positions count from 0.',
  });
}

function ended(run: RunView): Fault {
  return new Fault({
    kind: 'conflict',
    code: 'run-has-ended',
    message: `The run has ended already (${run.status}).`,
    remedy: 'Restart it if it should run again.',
  });
}
