import { cast, named, nothing, type Tree } from './sql-tree.ts';
import { originColumn } from './step-tables.ts';

/** Of a column of origins: one in each row or none, or those of many records as a text with blanks between them. */
export type OriginKind = 'one' | 'many';

/** Something that rows come from in a FROM, with columns of origins that `*` must not show. */
export interface Source {
  readonly alias: string;
  readonly kinds: readonly OriginKind[];
}

export function sourceOf(alias: string, kinds: readonly OriginKind[]): Source[] {
  return kinds.length === 0 ? [] : [{ alias, kinds }];
}

/** That a question cannot be given columns of origins. */
export class Untraceable extends Error {}

export function numbered(columns: readonly Tree[]): Tree[] {
  return columns.map((column, i) => named(column, originColumn(i)));
}

/** Of questions whose rows are put together. */
export function joined(parts: readonly (readonly OriginKind[])[]): OriginKind[] {
  const length = Math.max(...parts.map((kinds) => kinds.length));
  return Array.from({ length }, (_, i) => (parts.some((kinds) => kinds[i] === 'many') ? 'many' : 'one'));
}

export function aligned(own: readonly Tree[], from: readonly OriginKind[], to: readonly OriginKind[]): Tree[] {
  return to.map((kind, i) => {
    const [column, was] = [own[i], from[i]];
    if (!column || !was) return cast(nothing(), kind === 'one' ? 'DOUBLE' : 'VARCHAR');
    return kind === 'one' ? column : asMany(column, was);
  });
}

export function asMany(column: Tree, kind: OriginKind): Tree {
  return kind === 'many' ? column : cast(cast(column, 'BIGINT'), 'VARCHAR');
}
