import { type Source, Untraceable } from './origin-columns.ts';
import { hasPart, list, meaningOf, named, place, type Tree } from './sql-tree.ts';
import { originColumn } from './step-tables.ts';

/** A table as a value, such as `orders` in `select orders from orders`, would show its columns of origins. */
export function takesRowsWhole(query: Tree, sources: readonly Source[]): boolean {
  const carrying = new Set(sources.map(({ alias }) => alias.toLowerCase()));
  const isWhole = (expression: Tree) => {
    const names = namesOf(expression);
    return carrying.has(names.at(-1) ?? '') && !carrying.has(names.at(-2) ?? '');
  };
  const { modifiers, cte_map, ...parts } = query;
  const columns = new Set(list(query.select_list).map(({ alias }) => String(alias).toLowerCase()));
  // ORDER BY takes a name for that of a column first.
  const orders = list(modifiers).flatMap((modifier) =>
    list(modifier.orders).filter(({ expression }) => !columns.has(namesOf(expression as Tree).join())),
  );
  return hasPart([parts, orders], isWhole);
}

function namesOf({ class: kind, column_names }: Tree): string[] {
  return kind === 'COLUMN_REF' && Array.isArray(column_names)
    ? column_names.map((name) => String(name).toLowerCase())
    : [];
}

/** ORDER BY what one of the columns is, such as `upper(day)`, as ORDER BY the place of that column. */
export function byPlace(modifier: Tree, columns: readonly Tree[]): Tree {
  const aliases = new Set(columns.map(({ alias }) => String(alias).toLowerCase()));
  if (!modifier.orders || columns.some((column) => hasPart(column, ({ class: kind }) => kind === 'STAR')))
    return modifier;
  const orders = list(modifier.orders).map((order) => {
    const expression = order.expression as Tree;
    const isOther = hasPart(expression, (part) => namesOf(part).some((name) => aliases.has(name)));
    const at = isOther ? -1 : columns.findIndex((column) => meaningOf(named(column, '')) === meaningOf(expression));
    return at < 0 ? order : { ...order, expression: place(at + 1) };
  });
  return { ...modifier, orders };
}

/** Whether what comes after a query's rows, such as ORDER BY, names their columns only: so it means the same one level up. */
export function isOfColumns(modifier: Tree): boolean {
  return list(modifier.orders).every(({ expression }) => {
    const one = expression as Tree;
    return one.class === 'CONSTANT' || namesOf(one).length === 1 || isAllColumns(one);
  });
}

export function isAllColumns({
  class: kind,
  relation_name,
  expr,
  exclude_list,
  qualified_exclude_list,
  replace_list,
}: Tree) {
  if (kind !== 'STAR' || relation_name || expr) return false;
  return [exclude_list, qualified_exclude_list, replace_list].every((one) => list(one).length === 0);
}

/** A `*` that does not show columns of origins. */
export function starOver(star: Tree, sources: readonly Source[]): Tree {
  const relation = String(star.relation_name).toLowerCase();
  const shown = sources.filter(({ alias }) => relation === '' || alias.toLowerCase() === relation);
  if (shown.length === 0) return star;
  // By pattern or by a function: who knows what of.
  if (star.expr) throw new Untraceable();
  const most = Math.max(...shown.map(({ kinds }) => kinds.length));
  const hidden = Array.from({ length: most }, (_, i) => originColumn(i));
  return { ...star, exclude_list: [...list(star.exclude_list), ...hidden] };
}
