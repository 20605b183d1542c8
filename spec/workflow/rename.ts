import type { Workflow } from './document.ts';

/** New names or ids by old ones. */
export type Renames = ReadonlyMap<string, string>;

/**
 * Gives a node another name, and expressions that read it by its name the new one, so that nothing breaks. An id never changes.
 * Gives the same document back when nothing changes.
 */
export function renameNode(document: Workflow, id: string, name: string): Workflow {
  const node = document.nodes.find((candidate) => candidate.id === id);
  if (node === undefined || node.name === name) return document;
  const isShared = document.nodes.some(
    (other) => other !== node && (other.name === node.name || other.id === node.name),
  );
  const renames: Renames = isShared ? new Map() : new Map([[node.name, name]]);
  const nodes = document.nodes.map((other) => {
    const params = withRenamedReads(other.params, renames);
    if (other === node) return { ...node, name, params };
    return params === other.params ? other : { ...other, params };
  });
  return { ...document, nodes };
}

/** The value with `$('old')` in its templates turned into `$('new')`; the very same value where nothing is renamed. */
export function withRenamedReads<T>(value: T, renames: Renames): T {
  return (renames.size === 0 ? value : renamed(value, renames)) as T;
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
