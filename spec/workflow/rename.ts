import type { Workflow, WorkflowNode } from './document.ts';
import { indexNodeTypes, type NodeTypes } from './node-type-index.ts';
import { sqlOverSteps, stepCalled, tableOf, withRenamedTables } from './sql-tables.ts';

/** New names or ids by old ones. */
export type Renames = ReadonlyMap<string, string>;

/**
 * Gives a node another name, and expressions and SQL that read it by its name the new one, so that nothing breaks. An id never changes.
 * Gives the same document back when nothing changes.
 */
export function renameNode(document: Workflow, id: string, name: string, types: NodeTypes): Workflow {
  const position = document.nodes.findIndex((candidate) => candidate.id === id);
  const node = document.nodes[position];
  if (node === undefined || node.name === name) return document;
  const isShared = document.nodes.some(
    (other) => other !== node && (other.name === node.name || other.id === node.name),
  );
  const renames: Renames = isShared ? new Map() : new Map([[node.name, name]]);
  const after = document.nodes.with(position, { ...node, name });
  const table = (text: string) => {
    const at = stepCalled(text, document.nodes);
    return at === undefined ? undefined : tableOf(at, after, text);
  };
  const nodes = after.map((other) => {
    const params = withRenamedReads(other, types, { renames, table });
    return params === other.params ? other : { ...other, params };
  });
  return { ...document, nodes };
}

/**
 * The params of a node with what they read under new names: `$('old')` in templates by `renames`, and the tables of SQL over steps by
 * `table`, which gives none for one that stays. The very same params where nothing is renamed.
 */
export function withRenamedReads(
  { type, version, params }: WorkflowNode,
  types: NodeTypes,
  { renames, table }: { readonly renames: Renames; readonly table: (text: string) => string | undefined },
): WorkflowNode['params'] {
  let after = renames.size === 0 ? params : (renamed(params, renames) as typeof params);
  for (const { name, sql } of sqlOverSteps(indexNodeTypes(types).find(type, version)?.params ?? {}, params)) {
    const next = withRenamedTables(sql, table);
    if (next !== sql) after = { ...after, [name]: next };
  }
  return after;
}

const read = /\$\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\)/g;

function renamed(value: unknown, renames: Renames): unknown {
  if (typeof value === 'string') {
    if (!value.startsWith('=')) return value;
    return value.replaceAll(read, (whole: string, single?: string, double?: string) => {
      const to = renames.get((single ?? double ?? '').replaceAll(/\\(.)/g, '$1'));
      return to === undefined ? whole : `$('${to.replaceAll(/[\\']/g, '\\$&')}')`;
    });
  }
  if (Array.isArray(value)) {
    const entries = value.map((entry) => renamed(entry, renames));
    return entries.every((entry, i) => entry === value[i]) ? value : entries;
  }
  if (typeof value !== 'object' || value === null) return value;
  let changed = false;
  const entries = Object.entries(value).map(([key, field]) => {
    const next = renamed(field, renames);
    changed ||= next !== field;
    return [key, next] as const;
  });
  return changed ? Object.fromEntries(entries) : value;
}
