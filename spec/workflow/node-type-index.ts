import { closest } from '../expression/suggest.ts';
import type { NodeType } from './node-type.ts';

/** Node types as `validate()` takes them; a map is by type name, or by anything else when types have several versions. */
export type NodeTypes = readonly NodeType[] | ReadonlyMap<string, NodeType>;

/** Finds node types by name and version. */
export interface NodeTypeIndex {
  /** The type in this version; undefined when it is not there. */
  find(type: string, version: number): NodeType | undefined;
  /** Its newest version. */
  newest(type: string): NodeType | undefined;
  /** The name that was probably meant. */
  nearest(type: string): string | undefined;
}

const known = new WeakMap<NodeTypes, NodeTypeIndex>();

/** The index of this very list or map, made once; a changed set of types must be another list. */
export function indexNodeTypes(types: NodeTypes): NodeTypeIndex {
  const made = known.get(types);
  if (made) return made;
  const byName = new Map<string, NodeType[]>();
  for (const type of types.values()) {
    const versions = byName.get(type.type);
    if (versions === undefined) byName.set(type.type, [type]);
    else versions.push(type);
  }
  for (const versions of byName.values()) versions.sort((a, b) => b.version - a.version);
  const index: NodeTypeIndex = {
    find: (type, version) => byName.get(type)?.find((candidate) => candidate.version === version),
    newest: (type) => byName.get(type)?.[0],
    nearest: (type) => closest(type, byName.keys()),
  };
  known.set(types, index);
  return index;
}
