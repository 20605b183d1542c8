import { edgeSchema, FORMAT, nodeSchema, type Workflow, type WorkflowNode, workflowSchema } from '../document.ts';
import type { Problem } from '../problem.ts';
import { problem } from '../problem-codes.ts';
import { isRecord } from '../record.ts';
import { formatProblem } from '../upgrade.ts';
import { malformed } from './malformed.ts';
import { plainEdge, plainLayout, plainNode } from './well-formed.ts';

/** A document as far as it is well-formed, so that the other checks can go on beside what is not. */
export interface Form {
  readonly problems: Problem[];
  /** Well-formed throughout when there are no problems. */
  readonly document: Workflow;
  /** Position in the given list of each node (edge) that is left in `document`. */
  readonly nodeAt: readonly number[];
  readonly edgeAt: readonly number[];
  /** Ids of nodes that are there but malformed: stand-ins, of which only the place in the graph is to be judged. */
  readonly broken: ReadonlySet<string>;
}

const deepest = 100;

/** Undefined with problems when nothing can be said about the rest. */
export function readForm(value: unknown): Form | Problem[] {
  const wrong = formatProblem(value);
  if (wrong) return [wrong];
  const given = value as Record<string, unknown>;
  const problems: Problem[] = [];
  const nodeList = listOf(given, 'nodes', 10_000, problems);
  const edgeList = listOf(given, 'edges', 100_000, problems);
  const layout = given.layout === undefined ? {} : plainLayout(given.layout);

  const deep = isDeeperThan(given.settings, deepest);
  const frame = workflowSchema.safeParse({
    ...given,
    settings: deep ? {} : given.settings,
    nodes: [],
    edges: [],
    layout: layout ? {} : given.layout,
  });
  if (!frame.success) for (const issue of frame.error.issues) problems.push(...malformed(issue, given));
  if (deep) {
    problems.push(
      problem('malformed', {
        message: `The settings of the workflow are nested more than ${deepest} levels deep.`,
        remedy: 'Give them a flatter form.',
        path: ['settings'],
      }),
    );
  }

  const nodes: WorkflowNode[] = [];
  const nodeAt: number[] = [];
  const broken = new Set<string>();
  nodeList.forEach((entry, i) => {
    let node = plainNode(entry);
    if (node === undefined) {
      const parsed = nodeSchema.safeParse(entry);
      if (parsed.success) node = parsed.data;
      else for (const issue of parsed.error.issues) problems.push(...malformed(issue, given, ['nodes', i]));
    }
    if (node !== undefined && isDeeperThan(node.params, deepest)) {
      problems.push(tooDeep(node, i));
      node = undefined;
    }
    node ??= standIn(entry, broken);
    if (node === undefined) return;
    nodes.push(node);
    nodeAt.push(i);
  });

  const edges: Workflow['edges'] = [];
  const edgeAt: number[] = [];
  edgeList.forEach((entry, i) => {
    let edge = plainEdge(entry);
    if (edge === undefined) {
      const parsed = edgeSchema.safeParse(entry);
      if (parsed.success) edge = parsed.data;
      else for (const issue of parsed.error.issues) problems.push(...malformed(issue, given, ['edges', i]));
    }
    if (edge === undefined) return;
    edges.push(edge);
    edgeAt.push(i);
  });

  const head: Omit<Workflow, 'nodes' | 'edges' | 'layout'> = frame.success
    ? frame.data
    : { format: FORMAT, id: 'unnamed', name: 'unnamed', settings: {}, stickies: [] };
  return { problems, document: { ...head, nodes, edges, layout: layout ?? {} }, nodeAt, edgeAt, broken };
}

function listOf(given: Record<string, unknown>, key: 'nodes' | 'edges', most: number, problems: Problem[]): unknown[] {
  const value = given[key];
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length <= most) return value;
  problems.push(
    problem('malformed', {
      message: Array.isArray(value)
        ? `The workflow has more than ${most.toLocaleString('en')} ${key}.`
        : `"${key}" must be a list.`,
      remedy: Array.isArray(value)
        ? 'Divide it into several workflows and start one from the other with "Run a workflow".'
        : `Write "${key}": [ ... ].`,
      path: [key],
    }),
  );
  return [];
}

/** What edges and other nodes can still refer to. */
function standIn(entry: unknown, broken: Set<string>): WorkflowNode | undefined {
  if (!isRecord(entry) || typeof entry.id !== 'string') return undefined;
  broken.add(entry.id);
  const parent = typeof entry.parent === 'string' ? { parent: entry.parent } : {};
  const name = typeof entry.name === 'string' && entry.name !== '' ? entry.name : entry.id;
  return { id: entry.id, type: '', version: 1, name, params: {}, ...parent };
}

function tooDeep(node: WorkflowNode, position: number): Problem {
  return problem('malformed', {
    message: `The settings of "${node.name}" are nested more than ${deepest} levels deep.`,
    remedy: 'Give them a flatter form.',
    nodeIds: [node.id],
    path: ['nodes', position, 'params'],
  });
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isDeeperThan(item, levels - 1));
  for (const key in value) if (isDeeperThan((value as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}
