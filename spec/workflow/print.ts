import { type Edge, edgeSchema, nodeSchema, stickySchema, type Workflow, type WorkflowNode } from './document.ts';
import { findJsonFault } from './json-syntax.ts';
import type { Problem } from './problem.ts';
import { problem } from './problem-codes.ts';
import { readWorkflow } from './validate.ts';

const widest = 120;
const nodeKeys = Object.keys(nodeSchema.shape) as (keyof WorkflowNode)[];
const edgeKeys = Object.keys(edgeSchema.shape) as (keyof Edge)[];
const stickyKeys = Object.keys(stickySchema.shape);

/**
 * A document as text: the same document always gives the same text, made for reading a Git diff. The document's own keys have a fixed
 * order; parameters keep theirs, since it can carry meaning (the order of columns). A node is a block, an edge and a place are a
 * line. What fits on a line stands on one. Layout follows the order of the nodes.
 */
export function printWorkflow(document: Workflow): string {
  const { format, id, name, description, settings, nodes, edges, layout, stickies } = document;
  const parts = [
    `"format": ${text(format)}`,
    `"id": ${text(id)}`,
    `"name": ${text(name)}`,
    ...(description === undefined ? [] : [`"description": ${text(description)}`]),
    `"settings": ${value(settings, 1, 14)}`,
    `"nodes": ${lines('[', nodes.map(nodeBlock), ']')}`,
    `"edges": ${lines(
      '[',
      edges.map((edge) => inline(ordered(edge, edgeKeys))),
      ']',
    )}`,
    `"layout": ${lines('{', layoutLines(nodes, layout), '}')}`,
    `"stickies": ${lines(
      '[',
      stickies.map((sticky) => value(ordered(sticky, stickyKeys), 2, 4)),
      ']',
    )}`,
  ];
  return `{\n${parts.map((part) => `  ${part}`).join(',\n')}\n}\n`;
}

/** Reads what `printWorkflow` wrote, or any other JSON text of a workflow. Never throws. */
export function parseWorkflow(source: string): { document: Workflow } | { problems: Problem[] } {
  const fault = findJsonFault(source);
  if (fault) {
    return {
      problems: [
        problem('not-json', {
          message: `This is not JSON: in line ${fault.line}, column ${fault.column}, ${fault.message}.`,
          remedy: fault.remedy,
        }),
      ],
    };
  }
  return readWorkflow(JSON.parse(source.replace(/^\ufeff/, '')));
}

/**
 * The text that a version's hash is taken of: what a run can depend on. Layout, sticky notes, notes and the description are left out, so that
 * tidying up makes no new version; names are in it since expressions may use them.
 */
export function canonicalText(document: Workflow): string {
  const { description: _, ...rest } = document;
  const nodes = rest.nodes.map(({ notes: _notes, disabled, ...node }) => (disabled ? { ...node, disabled } : node));
  return printWorkflow({ ...rest, nodes, layout: {}, stickies: [] });
}

/** `{ "id": ..., "type": ..., "version": ..., "name": ...,` on one line, everything else below. */
function nodeBlock(node: WorkflowNode): string {
  const entries = Object.entries(ordered(node, nodeKeys));
  const head = entries.filter(([key]) => key === 'id' || key === 'type' || key === 'version' || key === 'name');
  const rest = entries.filter((entry) => !head.includes(entry));
  const first = head.map(([key, field]) => `${text(key)}: ${value(field, 3, 0)}`).join(', ');
  const params = rest.filter(([key]) => key === 'params').map(([key, field]) => `${text(key)}: ${value(field, 3, 16)}`);
  const short = rest.filter(([key]) => key !== 'params').map(([key, field]) => `${text(key)}: ${value(field, 3, 14)}`);
  return lines('{', [first, ...params, ...short], '}', 2);
}

function layoutLines(nodes: readonly WorkflowNode[], layout: Workflow['layout']): string[] {
  const order = new Map(nodes.map((node, i) => [node.id, i]));
  const place = (id: string) => order.get(id) ?? nodes.length;
  return Object.entries(layout)
    .sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1))
    .map(([id, at]) => `${text(id)}: ${inline(at)}`);
}

function ordered(object: object, keys: readonly string[]): Record<string, unknown> {
  const given = object as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const key of keys) if (given[key] !== undefined) result[key] = given[key];
  return result;
}

/** A value on one line if it fits beside what is there already, else an entry a line. */
function value(given: unknown, depth: number, used: number): string {
  if (typeof given !== 'object' || given === null) return text(given);
  const short = inline(given, widest - depth * 2 - used);
  if (short !== undefined) return short;
  if (Array.isArray(given)) {
    return lines(
      '[',
      given.map((entry) => value(entry, depth + 1, 1)),
      ']',
      depth,
    );
  }
  const entries = Object.entries(given).filter(([, field]) => field !== undefined);
  return lines(
    '{',
    entries.map(([key, field]) => `${text(key)}: ${value(field, depth + 1, text(key).length + 3)}`),
    '}',
    depth,
  );
}

function lines(start: string, entries: readonly string[], end: string, depth = 1): string {
  if (entries.length === 0) return `${start}${end}`;
  const indent = '  '.repeat(depth);
  return `${start}\n${entries.map((entry) => `${indent}  ${entry}`).join(',\n')}\n${indent}${end}`;
}

/** On one line, with spaces; undefined as soon as it is longer than `room`. */
function inline(given: unknown): string;
function inline(given: unknown, room: number): string | undefined;
function inline(given: unknown, room = Number.POSITIVE_INFINITY): string | undefined {
  if (typeof given !== 'object' || given === null) {
    const short = text(given);
    return short.length > room ? undefined : short;
  }
  const isList = Array.isArray(given);
  const entries = isList ? given.map((entry) => ['', entry] as const) : Object.entries(given);
  const parts: string[] = [];
  let left = room - 2;
  for (const [key, field] of entries) {
    if (!isList && field === undefined) continue;
    const label = isList ? '' : `${text(key)}: `;
    const part = inline(field, left - label.length);
    if (part === undefined) return undefined;
    left -= label.length + part.length + 2;
    parts.push(label + part);
  }
  if (parts.length === 0) return isList ? '[]' : '{}';
  const joined = isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
  return joined.length > room ? undefined : joined;
}

/** As JSON; what JSON cannot say is null, as in `JSON.stringify`. */
function text(given: unknown): string {
  return JSON.stringify(given) ?? 'null';
}
