/** SQL as DuckDB's `json_serialize_sql` gives it: questions, the tables that they read, expressions. */
export type Tree = { readonly [key: string]: unknown };

export function list(value: unknown): readonly Tree[] {
  return Array.isArray(value) ? (value as Tree[]) : [];
}

/** A tree in which `change` gives what comes in the place of a part; `undefined` where it is to look further down. */
export function mapped(tree: unknown, change: (part: Tree) => Tree | undefined): unknown {
  if (Array.isArray(tree)) return tree.map((one) => mapped(one, change));
  if (typeof tree !== 'object' || tree === null) return tree;
  return change(tree as Tree) ?? mappedInside(tree as Tree, change);
}

export function mappedInside(tree: Tree, change: (part: Tree) => Tree | undefined): Tree {
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, mapped(value, change)]));
}

/** Whether a part is like that, at any depth to which `enters` lets one go. */
export function hasPart(
  tree: unknown,
  is: (part: Tree) => boolean,
  enters: (part: Tree) => boolean = () => true,
): boolean {
  if (Array.isArray(tree)) return tree.some((one) => hasPart(one, is, enters));
  if (typeof tree !== 'object' || tree === null) return false;
  const part = tree as Tree;
  return is(part) || (enters(part) && Object.values(part).some((one) => hasPart(one, is, enters)));
}

/** A question within another: among its conditions or its columns. */
export const isSubquery = ({ class: kind }: Tree) => kind === 'SUBQUERY';

export function columnRef(...names: string[]): Tree {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', column_names: names };
}

export function named(expression: Tree, alias: string): Tree {
  return { ...expression, alias };
}

export function cast(child: Tree, type: 'BIGINT' | 'BOOLEAN' | 'DOUBLE' | 'VARCHAR'): Tree {
  return {
    class: 'CAST',
    type: 'OPERATOR_CAST',
    alias: '',
    child,
    cast_type: { id: type, type_info: null },
    try_cast: false,
  };
}

export function text(value: string): Tree {
  return constant({ type: { id: 'VARCHAR', type_info: null }, is_null: false, value });
}

export function place(column: number): Tree {
  return constant({ type: { id: 'INTEGER', type_info: null }, is_null: false, value: column });
}

export function nothing(): Tree {
  return constant({ type: { id: 'NULL', type_info: null }, is_null: true });
}

export function truth(is: boolean): Tree {
  return cast(text(is ? 't' : 'f'), 'BOOLEAN');
}

function constant(value: Tree): Tree {
  return { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', value };
}

export function call(name: string, ...children: Tree[]): Tree {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias: '',
    function_name: name,
    schema: '',
    children,
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
    catalog: '',
  };
}

export function not(child: Tree): Tree {
  return { class: 'OPERATOR', type: 'OPERATOR_NOT', alias: '', children: [child] };
}

export function both(...children: Tree[]): Tree {
  return { class: 'CONJUNCTION', type: 'CONJUNCTION_AND', alias: '', children };
}

export function starWithout(columns: readonly string[]): Tree {
  return {
    class: 'STAR',
    type: 'STAR',
    alias: '',
    relation_name: '',
    exclude_list: columns,
    replace_list: [],
    columns: false,
    expr: null,
    qualified_exclude_list: [],
    rename_list: [],
  };
}

/** `SELECT columns FROM (query) AS alias`, in groups of equal rows where that is asked for. */
export function selectFrom(
  query: Tree,
  alias: string,
  columns: readonly Tree[],
  groups?: { readonly having: Tree | null },
): Tree {
  return {
    type: 'SELECT_NODE',
    modifiers: [],
    cte_map: { map: [] },
    select_list: columns,
    from_table: {
      type: 'SUBQUERY',
      alias,
      sample: null,
      subquery: { node: query, named_param_map: [] },
      column_name_alias: [],
    },
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: groups ? 'FORCE_AGGREGATES' : 'STANDARD_HANDLING',
    having: groups?.having ?? null,
    sample: null,
    qualify: null,
  };
}

/** A text that is the same for questions that mean the same: without places in the SQL, and what is not set. */
export function meaningOf(tree: Tree): string {
  return JSON.stringify(tree, (key, value: unknown) => {
    if (key === 'query_location') return undefined;
    if (Array.isArray(value)) return UNORDERED.has(key) ? [...value].sort(byText) : value;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(bareValues(value as Tree)).filter(([, one]) => isSet(one)));
  });
}

/** What `*` leaves out or changes, which DuckDB tells in no order. */
const UNORDERED: ReadonlySet<string> = new Set([
  'exclude_list',
  'qualified_exclude_list',
  'rename_list',
  'replace_list',
]);

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

function isSet(value: unknown): boolean {
  if (value === null || value === '' || value === false) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** DuckDB writes a `VALUES` as `(VALUES ...) AS valueslist`, and reads that as a question over it. */
function bareValues(tree: Tree): Tree {
  const { type, alias, subquery, column_name_alias } = tree;
  if (type !== 'SUBQUERY' || alias !== 'valueslist' || list(column_name_alias).length > 0) return tree;
  const { node } = subquery as { node: Tree };
  const from = node.from_table as Tree | undefined;
  if (from?.type !== 'EXPRESSION_LIST') return tree;
  const onlyThat = { ...selectFrom({}, '', [starWithout([])]), from_table: from };
  return meaningOf(node) === meaningOf(onlyThat) ? from : tree;
}
