import { list, selectFrom, starWithout, type Tree } from './sql-tree.ts';

/**
 * The questions that a set operation puts together. DuckDB takes `a UNION b UNION c`, with parentheses or without, for one operation over three: the
 * types of a column are brought together at once, not two by two. In the tree it is one operation within the other all the same.
 */
export function partsOf(operation: Tree): Tree[] {
  const parts: Tree[] = [];
  withParts(operation, (part) => {
    parts.push(part);
    return part;
  });
  return parts;
}

/** The same operation over other questions; `change` is asked for each in the order of `partsOf`. */
export function withParts(operation: Tree, change: (part: Tree) => Tree, isAll = operation.setop_all): Tree {
  const side = (part: Tree): Tree => (isWithin(part, operation) ? withParts(part, change, isAll) : change(part));
  return { ...operation, setop_all: isAll, left: side(operation.left as Tree), right: side(operation.right as Tree) };
}

function isWithin(part: Tree, operation: Tree): boolean {
  return isAlike(part, operation) && list(part.modifiers).length === 0 && !hasTables(part);
}

/** Whether both are UNION, or UNION ALL, or one of these BY NAME. */
export function isAlike(part: Tree, { setop_type, setop_all }: Tree): boolean {
  return /^UNION/.test(String(setop_type)) && part.setop_type === setop_type && part.setop_all === setop_all;
}

/** Whether a WITH stands before it. */
export function hasTables({ cte_map }: Tree): boolean {
  return list((cte_map as Tree | undefined)?.map).length > 0;
}

/** A question that stays one for itself, and is not taken for a part of the operation around it. */
export function shielded(query: Tree, alias: string): Tree {
  return query.type === 'SET_OPERATION_NODE' ? selectFrom(query, alias, [starWithout([])]) : query;
}
