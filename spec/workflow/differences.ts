import { compare } from './comparisons.ts';
import type { Edge, Workflow, WorkflowNode } from './document.ts';

/** How a node that both documents have differs; lists are in the order of the document. */
export interface NodeChange {
  readonly id: string;
  /** Parameters that were added, removed or changed. */
  readonly params: readonly string[];
  /** Other fields of the node, such as `name`, `credential` or `disabled`. */
  readonly fields: readonly string[];
}

export interface Differences {
  /** Ids that only the draft has. */
  readonly added: readonly string[];
  /** Ids that only the published version has. */
  readonly removed: readonly string[];
  readonly changed: readonly NodeChange[];
  /** Ids whose place on the canvas is another. */
  readonly moved: readonly string[];
  readonly addedEdges: readonly Edge[];
  readonly removedEdges: readonly Edge[];
  /** The same edges in another order, which decides the order of the records that meet at an input. */
  readonly edgesReordered: boolean;
  /** Settings of the workflow, and `name`, `description` and `stickies`. */
  readonly settings: readonly string[];
  /** Whether runs can differ: anything but places, notes, sticky notes and the description. */
  readonly matters: boolean;
}

/** What has changed in a draft since it was published. Nodes are told apart by id, edges by their ends and ports. */
export function differences(draft: Workflow, published: Workflow): Differences {
  const before = new Map(published.nodes.map((node) => [node.id, node]));
  const now = new Set(draft.nodes.map((node) => node.id));
  const added: string[] = [];
  const changed: NodeChange[] = [];
  const moved: string[] = [];
  for (const node of draft.nodes) {
    const old = before.get(node.id);
    if (old === undefined) {
      added.push(node.id);
      continue;
    }
    const change = changeOf(node, old);
    if (change) changed.push(change);
    const place = published.layout[node.id];
    if (place && !same(draft.layout[node.id], place)) moved.push(node.id);
  }
  const removed = published.nodes.flatMap(({ id }) => (now.has(id) ? [] : [id]));
  const addedEdges = without(draft.edges, published.edges);
  const removedEdges = without(published.edges, draft.edges);
  const edgesReordered =
    addedEdges.length + removedEdges.length === 0 &&
    draft.edges.some((edge, i) => keyOf(edge) !== keyOf(published.edges[i]));
  const settings = settingsChanged(draft, published);
  const matters =
    added.length + removed.length + addedEdges.length + removedEdges.length > 0 ||
    edgesReordered ||
    changed.some(({ params, fields }) => params.length > 0 || fields.some((field) => field !== 'notes')) ||
    settings.some((key) => key !== 'description' && key !== 'stickies');
  return { added, removed, changed, moved, addedEdges, removedEdges, edgesReordered, settings, matters };
}

function changeOf(node: WorkflowNode, old: WorkflowNode): NodeChange | undefined {
  if (node === old) return undefined;
  const params = changedKeys(node.params, old.params);
  const fields = changedKeys({ ...node, params: 0 }, { ...old, params: 0 });
  return params.length + fields.length === 0 ? undefined : { id: node.id, params, fields };
}

function settingsChanged(draft: Workflow, published: Workflow): string[] {
  const own = ({ name, description, stickies }: Workflow) => ({ name, description, stickies });
  return [...changedKeys(draft.settings, published.settings), ...changedKeys(own(draft), own(published))];
}

/** Keys whose values differ; false and absent are the same, as `disabled` has it. */
function changedKeys(now: object, old: object): string[] {
  const a = now as Readonly<Record<string, unknown>>;
  const b = old as Readonly<Record<string, unknown>>;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].filter((key) => !same(a[key], b[key]) && !(key === 'disabled' && !a[key] && !b[key]));
}

function same(a: unknown, b: unknown): boolean {
  return a === b || compare.equals(a, b, { loose: false, zone: 'utc' });
}

function without(edges: readonly Edge[], others: readonly Edge[]): Edge[] {
  const taken = new Set(others.map(keyOf));
  return edges.filter((edge) => !taken.has(keyOf(edge)));
}

function keyOf(edge: Edge | undefined): string {
  return JSON.stringify([edge?.from, edge?.output, edge?.to, edge?.input]);
}
