import { AcyclicOrder } from '../../spec/workflow/acyclic-order.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { parseWorkflow, printWorkflow } from '../../spec/workflow/print.ts';
import { readWorkflow, validate } from '../../spec/workflow/validate.ts';

/** DESIGN.md 2: a thousand nodes validate in under 10 ms, one more edge is checked in under 0.1 ms. */

const size = 1_000;

const nodeTypes: readonly NodeType[] = [
  nodeType('manual', 'trigger', {}),
  nodeType('query', 'action', {
    sql: { type: 'string', minLength: 1, ui: { kind: 'code', label: 'SQL', scope: 'step' } },
    values: { type: 'object', additionalProperties: {}, ui: { kind: 'key-values', label: 'Values' } },
    batch: { type: 'integer', minimum: 1, ui: { kind: 'number', label: 'Batch size' } },
    conditions: { ui: { kind: 'conditions', label: 'Conditions' } },
  }),
];

function nodeType(
  type: string,
  kind: NodeType['kind'],
  properties: NodeType['params']['properties'] & object,
): NodeType {
  return {
    type,
    version: 1,
    kind,
    category: 'data',
    title: type,
    summary: '',
    connector: 'core',
    keywords: [],
    credentials: kind === 'trigger' ? [] : ['postgres'],
    params: { type: 'object', properties },
    inputs: kind === 'trigger' ? [] : [{ name: 'input', many: true }],
    outputs: [{ name: 'records', fires: 'always' }],
    effect: 'none',
    loads: [],
    preview: false,
    examples: [],
  };
}

/** A tree with cross edges; every node has a query, two templates, one of which reads another node, and a condition. */
function largeDocument(): Record<string, unknown> {
  const nodes: unknown[] = [{ id: 'n0', type: 'manual', version: 1, name: 'Start', params: {} }];
  const edges: unknown[] = [];
  const layout: Record<string, unknown> = { n0: [0, 0] };
  for (let i = 1; i < size; i++) {
    const parent = i >> 1;
    nodes.push({
      id: `n${i}`,
      type: 'query',
      version: 1,
      name: `Node ${i}`,
      params: {
        sql: `select * from t${i}`,
        values: { a: `={{ $json.field${i} }}`, b: `={{ $('n${parent}').item.x${i} + 1 }}` },
        batch: 200,
        conditions: { all: [{ left: `={{ $json.score${i} }}`, is: 'greater-than', right: i }] },
      },
      credential: 'db',
    });
    edges.push({ from: `n${parent}`, to: `n${i}` });
    if (i > 20) edges.push({ from: `n${i - 7}`, to: `n${i}` });
    layout[`n${i}`] = [i, i];
  }
  return { format: 'sluice/1', id: 'large', name: 'Large', nodes, edges, layout };
}

/** Median in milliseconds. */
function median(times: number, act: () => unknown): number {
  const taken = Array.from({ length: times }, () => {
    const start = performance.now();
    act();
    return performance.now() - start;
  });
  return taken.sort((a, b) => a - b)[times >> 1] ?? 0;
}

/** Timings in milliseconds by what was measured. */
export function benchWorkflowValidation(): Record<string, number> {
  const document = largeDocument();
  const context = { credentials: [{ id: 'db', type: 'postgres' }] };
  const check = () => validate(document, nodeTypes, context);
  const first = median(1, check);
  const problems = check();
  if (problems.length > 0) throw new Error(`The document should be sound: ${problems[0]?.message}`);
  const read = readWorkflow(document);
  if ('problems' in read) throw new Error('The document should be well-formed.');
  const text = printWorkflow(read.document);
  const order = AcyclicOrder.of(read.document);
  return {
    'validate 1,000 nodes, first time': first,
    'validate 1,000 nodes': median(100, check),
    'print 1,000 nodes': median(20, () => printWorkflow(read.document)),
    'parse 1,000 nodes': median(20, () => parseWorkflow(text)),
    'order 1,000 nodes': median(20, () => AcyclicOrder.of(read.document)),
    'would an edge close a loop (it does not)': median(1_000, () => order.wouldClose('n3', `n${size - 1}`)),
    'would an edge close a loop (it does)': median(1_000, () => order.wouldClose(`n${size - 1}`, 'n1')),
  };
}

if (import.meta.main) {
  for (const [what, ms] of Object.entries(benchWorkflowValidation())) console.log(`${what}: ${ms.toFixed(3)} ms`);
}
