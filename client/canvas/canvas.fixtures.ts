import { type Workflow, workflowSchema } from '../../spec/workflow/document.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';

/** A few node types and a small workflow, for tests of the canvas and for the gallery. */

export function nodeType(name: string, more: Partial<NodeType> = {}): NodeType {
  return {
    type: name,
    version: 1,
    kind: 'action',
    category: 'data',
    title: name,
    summary: '',
    connector: 'data',
    keywords: [],
    credentials: [],
    params: { type: 'object', properties: {} },
    inputs: [{ name: 'input', many: true }],
    outputs: [{ name: 'records', fires: 'always' }],
    effect: 'none',
    loads: [],
    preview: false,
    examples: [],
    ...more,
  };
}

export const types: ReadonlyMap<string, NodeType> = new Map(
  [
    nodeType('manual', { kind: 'trigger', inputs: [], title: 'Start by hand' }),
    nodeType('no-op', { title: 'Do nothing', params: { properties: { count: { default: 3 } } } }),
    nodeType('if', {
      outputs: [
        { name: 'true', fires: 'with-records' },
        { name: 'false', fires: 'with-records' },
      ],
    }),
    nodeType('sql-over-steps', {
      params: { properties: { sql: { ui: { kind: 'code', label: 'SQL', scope: 'step', tables: 'steps' } } } },
    }),
    nodeType('for-each', { kind: 'container', title: 'For each' }),
    nodeType('join', {
      inputs: [
        { name: 'left', many: false },
        { name: 'right', many: false },
      ],
    }),
  ].map((type) => [type.type, type]),
);

/** start -> a -> b -> join (left) */
export const document: Workflow = workflowSchema.parse({
  format: 'sluice/1',
  id: 'w',
  name: 'W',
  nodes: [
    { id: 'start', type: 'manual', name: 'Start' },
    { id: 'a', type: 'no-op', name: 'A' },
    { id: 'b', type: 'no-op', name: 'B', params: { text: "={{ $('a').item.x }} and {{ $('A').first().y }}" } },
    { id: 'join', type: 'join', name: 'Join' },
  ],
  edges: [
    { from: 'start', to: 'a' },
    { from: 'a', to: 'b' },
    { from: 'b', to: 'join', input: 'left' },
  ],
  layout: { start: [0, 0], a: [360, 0], b: [720, 0], join: [1080, 0] },
});
