import type { NodeType } from './node-type.ts';
import type { Problem } from './problem.ts';
import { validate } from './validate.ts';
import type { ValidationContext } from './validation/subject.ts';

/** Node types for tests: a few of NODES.md as far as the checks read them. */

function type(name: string, kind: NodeType['kind'], more: Partial<NodeType> = {}): NodeType {
  return {
    type: name,
    version: 1,
    kind,
    category: kind === 'trigger' ? 'trigger' : 'flow',
    title: name,
    summary: '',
    connector: 'core',
    keywords: [],
    credentials: [],
    params: { type: 'object', properties: {} },
    inputs: kind === 'trigger' ? [] : [{ name: 'input', many: true }],
    outputs: [{ name: 'records', fires: 'always' }],
    effect: 'none',
    loads: [],
    preview: false,
    examples: [],
    ...more,
  };
}

const conditions = { ui: { kind: 'conditions', label: 'Conditions', scope: 'own' } } as const;

export const nodeTypes: readonly NodeType[] = [
  type('manual', 'trigger'),
  type('schedule', 'trigger', {
    params: {
      type: 'object',
      properties: {
        cron: { type: 'string', minLength: 1, ui: { kind: 'cron', label: 'Schedule', scope: 'literal' } },
        every: { type: 'string', ui: { kind: 'text', label: 'Every', scope: 'literal' } },
        timezone: { type: 'string', ui: { kind: 'text', label: 'Time zone' } },
      },
    },
  }),
  type('webhook', 'trigger', {
    credentials: ['webhook-token', 'webhook-basic'],
    credentialOptional: true,
    params: {
      type: 'object',
      properties: {
        path: { type: 'string', minLength: 1, ui: { kind: 'text', label: 'Path' } },
        methods: { type: 'array', items: { type: 'string', enum: ['GET', 'POST'] } },
        auth: { type: 'string', enum: ['none', 'token', 'basic'], ui: { kind: 'choice', label: 'Who may call' } },
      },
      required: ['path'],
    },
  }),
  type('no-op', 'action'),
  type('filter', 'action', {
    params: { type: 'object', properties: { conditions }, required: ['conditions'] },
    outputs: [
      { name: 'kept', fires: 'always' },
      { name: 'dropped', fires: 'with-records' },
    ],
  }),
  type('switch', 'action', {
    params: {
      type: 'object',
      properties: {
        cases: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            properties: { name: { type: 'string', minLength: 1 }, conditions },
            required: ['name', 'conditions'],
          },
          ui: { kind: 'list', label: 'Cases', scope: 'own' },
        },
      },
      required: ['cases'],
    },
    outputs: [
      { name: 'case', each: 'cases', fires: 'with-records' },
      { name: 'otherwise', fires: 'with-records' },
    ],
  }),
  type('join', 'action', {
    inputs: [
      { name: 'left', many: false },
      { name: 'right', many: false },
    ],
  }),
  type('check', 'action', {
    inputs: [
      { name: 'input', many: true },
      { name: 'reference', many: true, optional: true },
    ],
    params: { type: 'object', properties: { rules: { type: 'array', items: {} } } },
  }),
  type('stop', 'action', { outputs: [] }),
  type('for-each', 'container'),
  type('repeat-until', 'container', {
    params: { type: 'object', properties: { maxRounds: { type: 'integer', minimum: 1 } } },
  }),
  type('sql-over-steps', 'action', {
    params: {
      type: 'object',
      properties: { sql: { type: 'string', ui: { kind: 'code', label: 'SQL', scope: 'step', tables: 'steps' } } },
    },
  }),
  type('run-workflow', 'action', {
    params: { type: 'object', properties: { workflow: { type: 'string', ui: { kind: 'text', label: 'Workflow' } } } },
  }),
  type('set-fields', 'action', {
    params: {
      type: 'object',
      properties: {
        fields: { type: 'object', additionalProperties: {}, ui: { kind: 'key-values', label: 'Fields' } },
        keep: { type: 'string', enum: ['all', 'none'], default: 'all', ui: { kind: 'choice', label: 'Keep' } },
        batch: { type: 'integer', minimum: 1, maximum: 200, ui: { kind: 'number', label: 'Batch size' } },
        wait: { type: 'string', pattern: '^\\d+s$', ui: { kind: 'duration', label: 'Wait', scope: 'step' } },
        note: { type: 'string', ui: { kind: 'text', label: 'Note', scope: 'literal' } },
        body: {
          oneOf: [
            { type: 'object', properties: { kind: { const: 'json' }, value: {} }, required: ['kind', 'value'] },
            {
              type: 'object',
              properties: { kind: { const: 'text' }, text: { type: 'string', ui: { kind: 'text', label: 'Text' } } },
              required: ['kind', 'text'],
            },
          ],
          ui: { kind: 'group', label: 'Body' },
        },
        rows: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              column: { type: 'string', minLength: 1, ui: { kind: 'text', label: 'Column' } },
              rule: { type: 'string', enum: ['form', 'any'], ui: { kind: 'choice', label: 'Rule' } },
              form: {
                type: 'string',
                minLength: 1,
                ui: {
                  kind: 'text',
                  label: 'Form',
                  scope: 'literal',
                  pattern: true,
                  required: true,
                  showWhen: { param: 'rule', is: ['form'] },
                },
              },
            },
            required: ['column'],
            additionalProperties: false,
          },
          ui: { kind: 'list', label: 'Rows' },
        },
        share: {
          anyOf: [
            { type: 'number', minimum: 0 },
            { type: 'string', pattern: '^\\d+%$' },
          ],
          ui: { kind: 'text', label: 'Share', help: 'A number, or a share such as "2%".' },
        },
        only: {
          type: 'string',
          minLength: 1,
          ui: { kind: 'text', label: 'Only', showWhen: { param: 'keep', is: ['none'] } },
        },
      },
      required: ['fields', 'only'],
    },
  }),
  type('sql.query', 'action', {
    credentials: ['postgres', 'duckdb'],
    title: 'Query',
    version: 2,
    params: {
      type: 'object',
      properties: {
        sql: {
          type: 'string',
          minLength: 1,
          ui: { kind: 'code', label: 'SQL', scope: 'step', placeholder: 'select 1' },
        },
      },
      required: ['sql'],
    },
  }),
];

interface Sketch {
  readonly nodes: readonly unknown[];
  readonly edges?: readonly unknown[];
  readonly [key: string]: unknown;
}

/** A document around nodes and edges; a text such as 'a -> b' or 'a:dropped -> b:left' is an edge. */
export function sketch({ nodes, edges = [], ...more }: Sketch): Record<string, unknown> {
  return { format: 'sluice/1', id: 'test', name: 'Test', nodes, edges: edges.map(edgeFrom), ...more };
}

function edgeFrom(edge: unknown): unknown {
  if (typeof edge !== 'string') return edge;
  const [from = '', to = ''] = edge.split(' -> ');
  const [source, output] = from.split(':');
  const [target, input] = to.split(':');
  return { from: source, ...(output && { output }), to: target, ...(input && { input }) };
}

/** A node of a type, named after its id in capitals. */
export function node(
  id: string,
  type = 'no-op',
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return { id, type, version: 1, name: id.toUpperCase(), params: {}, ...more };
}

export const start = node('start', 'manual');

export function problems(document: unknown, context?: ValidationContext): Problem[] {
  return validate(document, nodeTypes, context);
}

export function codes(document: unknown, context?: ValidationContext): string[] {
  return problems(document, context).map((found) => found.code);
}

/** The only problem of the document. */
export function only(document: unknown, context?: ValidationContext): Problem {
  const [first, ...others] = problems(document, context);
  if (first === undefined || others.length > 0) {
    const all = problems(document, context).map(({ code, message }) => `${code}: ${message}`);
    throw new Error(`One problem was expected, not ${all.length}: ${all.join(' ')}`);
  }
  return first;
}
