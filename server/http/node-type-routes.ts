import { compileParams } from '../../sdk/params.ts';
import { upgradeParams } from '../../sdk/upgrade.ts';
import { routes } from '../../spec/api/routes.ts';
import type { NodeView, Scope } from '../../spec/expression/scope.ts';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { Fault, notFound } from '../fault.ts';
import type { Services } from '../services.ts';
import type { Bind } from './bind.ts';

/** A service that does not answer must not hold a form. Milliseconds. */
const PATIENCE = 20_000;

export function nodeTypeRoutes(
  bind: Bind,
  { catalogue, contexts, workspace, samples, vars, settings, clock }: Services,
): void {
  bind(routes.listNodeTypes, () => ({ nodeTypes: catalogue.nodeTypes }));

  bind(routes.loadOptions, async ({ params, body }) => {
    const load = catalogue.node(params.type)?.load[params.loader];
    if (!load) throw notFound('loader', `${params.type}/${params.loader}`);
    const ctx = await contexts.open({ credential: body.credential, signal: AbortSignal.timeout(PATIENCE) });
    return { options: await load(ctx, body.params, body.search) };
  });

  bind(routes.previewChanges, async ({ params, body }) => {
    const { document } = await workspace.get(params.id);
    const node = document.nodes.find((one) => one.id === params.node);
    if (!node) throw notFound('node', params.node);
    const definition = catalogue.node(node.type);
    if (!definition?.preview) throw noPreview(node.name);
    const zone = document.settings.timezone ?? settings.get().timezone;
    const workflow = { id: document.id, name: document.name, zone };
    const signal = AbortSignal.timeout(PATIENCE);
    const ctx = await contexts.open({ credential: node.credential, workflow, node, signal });
    const compiled = compileParams(definition.params, upgradeParams(definition, node.params, node.version));
    const world = { now: clock.now(), zone, vars: vars.get(), workflow, samples: await samples.get(params.id) };
    const resolved = body.records.map((record, index) => compiled.resolve(scopeOf(record, index, body.records, world)));
    return { changes: await definition.preview(body.records, resolved, ctx) };
  });
}

interface World {
  readonly now: number;
  readonly zone: string;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly workflow: { readonly id: string; readonly name: string };
  readonly samples: Readonly<Record<string, readonly DataRecord[]>>;
}

/** Earlier steps are seen through their samples, matched by position. */
function scopeOf(record: DataRecord, index: number, records: readonly DataRecord[], world: World): Scope {
  return {
    json: record,
    itemIndex: index,
    input: viewOf(records, index),
    node: (name) => {
      const sample = world.samples[name];
      return sample && viewOf(sample, index);
    },
    now: world.now,
    zone: world.zone,
    run: { id: 'preview', draft: true },
    workflow: { ...world.workflow },
    vars: { ...world.vars },
  };
}

function viewOf(records: readonly DataRecord[], index: number): NodeView {
  return {
    item: () => records[index] ?? records.at(-1),
    first: () => records[0],
    last: () => records.at(-1),
    all: () => records,
  };
}

function noPreview(name: string): Fault {
  return new Fault({
    kind: 'invalid',
    code: 'no-preview',
    message: `"${name}" cannot tell beforehand what it would change.`,
    remedy: 'Run it with a few sample records on a practice service instead.',
  });
}
