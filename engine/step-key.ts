/**
 * Keys of steps in the journal: the id of the node, and for a node inside a container `loop/3/read`, which is the key of the container, the
 * round from 0, and the id of the node.
 */

export function nodeOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** Whether it is the key of a node that stands in a container. */
export function isOfInner(key: string, node: string): boolean {
  return key.endsWith(`/${node}`);
}

/** The round of a container that a step is in, whose key begins with that of the container. */
export function roundIn(container: string, key: string): number {
  return Number.parseInt(key.slice(container.length + 1), 10);
}
