import { type DataRecord, type Effect, type NodeDefinition, NodeError, type TriggerDefinition } from '../sdk/index.ts';
import { type CompiledParams, compileParams } from '../sdk/params.ts';
import { upgradeParams } from '../sdk/upgrade.ts';
import type { Edge, Workflow, WorkflowNode } from '../spec/workflow/document.ts';
import { durationMs } from '../spec/workflow/duration.ts';
import { effectOf } from '../spec/workflow/effect.ts';
import { type InputPort, type OutputPort, outputsOf } from '../spec/workflow/node-type.ts';
import { stepCalled } from '../spec/workflow/sql-tables.ts';
import type { Registry } from './ports.ts';

/** A workflow made ready to run: nodes with their definitions and ports, edges resolved. Made once for each version. */
export interface Plan {
  readonly document: Workflow;
  readonly nodes: ReadonlyMap<string, PlannedNode>;
  /** Nodes that stand in no container, in the order of the document. */
  readonly top: readonly PlannedNode[];
  /** In the order of the document. */
  readonly triggers: readonly PlannedNode[];
  /** By id and by name, as `$('...')` may say either. */
  readonly byName: ReadonlyMap<string, PlannedNode>;
  readonly timeout: number | undefined;
  /** Whether any parameter reads `$run.watermark`. */
  readonly usesWatermark: boolean;
}

export interface PlannedNode {
  readonly id: string;
  readonly name: string;
  readonly node: WorkflowNode;
  readonly trigger: TriggerDefinition | undefined;
  /** Absent for triggers and for disabled nodes, which pass their records through. */
  readonly definition: NodeDefinition | undefined;
  readonly inputs: readonly InputPort[];
  readonly outputs: readonly OutputPort[];
  readonly incoming: readonly PlannedEdge[];
  readonly outgoing: readonly PlannedEdge[];
  /** The incoming ones by input port, in the order of the document. */
  readonly into: readonly (readonly PlannedEdge[])[];
  /** Nodes that stand in this container, in the order of the document. */
  readonly inside: readonly PlannedNode[];
  readonly effect: Effect;
  readonly timeout: number | undefined;
  /** Parameters as today's version of the node has them. */
  readonly params: DataRecord;
  /** Other steps of its own level that its SQL names. In the origins of what it gives they have the slots after its inputs. */
  readsByName(): readonly PlannedNode[];
  /** Whether it may begin while the step before it still works: pure work, once through its first input, that looks at no other step. */
  readsAlong(): boolean;
  /** Whether it may be worked on in another thread. */
  readonly portable: boolean;
  /** Compiled at first use; throws what `compileParams` throws. */
  compiled(): CompiledParams<DataRecord>;
}

export interface PlannedEdge {
  readonly from: string;
  readonly output: string;
  readonly to: string;
  readonly input: string;
}

type Draft = PlannedNode & {
  incoming: PlannedEdge[];
  outgoing: PlannedEdge[];
  into: PlannedEdge[][];
  inside: PlannedNode[];
};

const PASS_THROUGH: readonly InputPort[] = [{ name: 'input', many: true }];
const RECORDS: readonly OutputPort[] = [{ name: 'records', fires: 'always' }];

/** @throws NodeError `config` when a node type is missing; everything else `validate()` has refused before. */
export function planOf(document: Workflow, registry: Registry): Plan {
  const nodes = new Map<string, Draft>();
  for (const node of document.nodes)
    nodes.set(
      node.id,
      planNode(node, registry, (planned) => namedBy(planned, document, nodes)),
    );
  for (const edge of document.edges) {
    const planned = planEdge(edge, nodes);
    if (!planned) continue;
    nodes.get(edge.from)?.outgoing.push(planned);
    nodes.get(edge.to)?.incoming.push(planned);
  }
  for (const planned of nodes.values()) {
    planned.into = planned.inputs.map(({ name }) => planned.incoming.filter((edge) => edge.input === name));
  }
  for (const planned of nodes.values()) nodes.get(planned.node.parent ?? '')?.inside.push(planned);
  const byName = new Map<string, PlannedNode>();
  for (const planned of nodes.values()) if (!byName.has(planned.name)) byName.set(planned.name, planned);
  for (const planned of nodes.values()) byName.set(planned.id, planned);
  const timeout = document.settings.timeout;
  return {
    document,
    nodes,
    byName,
    top: [...nodes.values()].filter((planned) => planned.node.parent === undefined),
    triggers: [...nodes.values()].filter((planned) => planned.trigger && !planned.node.disabled),
    timeout: timeout === undefined ? undefined : durationMs(timeout),
    usesWatermark: [...nodes.values()].some(readsWatermark),
  };
}

function planNode(
  node: WorkflowNode,
  registry: Registry,
  named: (planned: PlannedNode) => readonly PlannedNode[],
): Draft {
  const trigger = registry.trigger(node.type);
  const known = trigger ? undefined : registry.node(node.type);
  if (!trigger && !known) throw unknownType(node);
  const params = upgradeParams(trigger ?? (known as NodeDefinition), node.params, node.version);
  const definition = node.disabled ? undefined : known;
  let compiled: CompiledParams<DataRecord> | undefined;
  let readsAlong: boolean | undefined;
  let readByName: readonly PlannedNode[] | undefined;
  const effect = definition ? effectOf(definition.effect, params) : 'none';
  return {
    id: node.id,
    name: node.name,
    node,
    trigger,
    definition,
    inputs: trigger ? [] : (definition?.inputs ?? PASS_THROUGH),
    outputs: definition ? outputsOf(definition, { params, onError: node.onError }) : RECORDS,
    incoming: [],
    outgoing: [],
    into: [],
    inside: [],
    effect,
    timeout: node.timeout === undefined ? undefined : durationMs(node.timeout),
    params,
    portable: effect === 'none' && !!definition?.runner.portable,
    readsByName() {
      readByName ??= named(this);
      return readByName;
    },
    readsAlong() {
      readsAlong ??= effect === 'none' && !!definition?.runner.readsAlong && looksAtNoStep(this);
      return readsAlong;
    },
    compiled: () => {
      compiled ??= compileParams((trigger ?? (known as NodeDefinition)).params, params);
      return compiled.fresh();
    },
  };
}

/** Whether a parameter of the node, or of one inside it, reads `$run.watermark`. */
export function readsWatermark({ node, inside }: PlannedNode): boolean {
  return JSON.stringify(node.params).includes('watermark') || inside.some(readsWatermark);
}

/** A step with a start rule or a timeout of its own counts from when everything is there. */
function looksAtNoStep({ node, timeout, compiled }: PlannedNode): boolean {
  if (timeout !== undefined || (node.start ?? 'all-succeeded') !== 'all-succeeded') return false;
  try {
    const { input, item, nodes } = compiled().reads;
    return !input && !item && nodes.length === 0;
  } catch {
    return false;
  }
}

function namedBy(
  { node, compiled }: PlannedNode,
  { nodes }: Workflow,
  planned: ReadonlyMap<string, PlannedNode>,
): readonly PlannedNode[] {
  const found = tablesOf(compiled).map((table) => planned.get(nodes[stepCalled(table, nodes) ?? -1]?.id ?? ''));
  return [...new Set(found)].filter((one) => one !== undefined && one.node.parent === node.parent) as PlannedNode[];
}

/** Parameters that cannot be compiled fail the step when it begins. */
function tablesOf(compiled: PlannedNode['compiled']): readonly string[] {
  try {
    return compiled().tables;
  } catch {
    return [];
  }
}

function planEdge(edge: Edge, nodes: ReadonlyMap<string, PlannedNode>): PlannedEdge | undefined {
  const from = nodes.get(edge.from);
  const to = nodes.get(edge.to);
  const output = from?.definition ? (edge.output ?? from.outputs[0]?.name) : 'records';
  const input = to?.definition ? (edge.input ?? to.inputs[0]?.name) : 'input';
  if (!from || !to || output === undefined || input === undefined) return undefined;
  return { from: edge.from, output, to: edge.to, input };
}

function unknownType(node: WorkflowNode): NodeError {
  return new NodeError({
    class: 'config',
    code: 'unknown-type',
    message: `"${node.name}" is of the type ${node.type}, which this Sluice does not know.`,
    remedy: 'Remove the node, or install the package that brings this type.',
  });
}
