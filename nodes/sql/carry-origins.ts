import { byPlace, isAllColumns, isOfColumns, starOver, takesRowsWhole } from './column-names.ts';
import {
  aligned,
  asMany,
  joined,
  numbered,
  type OriginKind,
  type Source,
  sourceOf,
  Untraceable,
} from './origin-columns.ts';
import { hasTables, isAlike, partsOf, shielded, withParts } from './set-operations.ts';
import {
  both,
  call,
  columnRef,
  hasPart,
  isSubquery,
  list,
  mapped,
  mappedInside,
  not,
  selectFrom,
  starWithout,
  type Tree,
  text,
  truth,
} from './sql-tree.ts';
import { HIDDEN, originColumn, tracedView } from './step-tables.ts';

export interface CarriedQuestion {
  readonly query: Tree;
  /** Of its last columns, `originColumn(0)` and so on. */
  readonly kinds: readonly OriginKind[];
  /** Whether rows are put together to one. */
  readonly gathers: boolean;
  /** Whether what was gathered may stand in many rows. */
  readonly repeats: boolean;
  /** Whether rows are put together in another way than the question says, to the same effect. */
  readonly isReworked: boolean;
}

interface Known {
  /** Names of the steps whose records have origins, in small letters, and what their tables are called. */
  readonly steps: ReadonlyMap<string, string>;
  /** Names of functions that make one value of many rows. */
  readonly aggregates: ReadonlySet<string>;
}

/**
 * The same question, with columns more that bring the origins of each row along from the steps' tables through all queries within it. `undefined`
 * where they would change the answer, or not be all of them.
 */
export function carryOrigins(query: Tree, known: Known): CarriedQuestion | undefined {
  const carrier = new Carrier(
    known,
    hasPart(query, ({ class: kind }) => kind === 'COLLATE'),
  );
  try {
    const { kinds, build } = carrier.query(query, { tables: new Map(), carries: true });
    if (kinds.length === 0) return undefined;
    const { gathers, repeats, isReworked } = carrier;
    return { query: build((own) => own), kinds, gathers, repeats, isReworked };
  } catch (error) {
    if (error instanceof Untraceable) return undefined;
    throw error;
  }
}

interface Scope {
  /** Kinds of what the queries of a WITH carry, by their names in small letters; `undefined` for one that cannot be traced. */
  readonly tables: ReadonlyMap<string, readonly OriginKind[] | undefined>;
  /** Whether origins are wanted here; what a question only looks up does without. */
  readonly carries: boolean;
}

/** A query that can be given columns of origins, made of those that it has itself. */
interface Carried {
  readonly kinds: readonly OriginKind[];
  build(make: (own: readonly Tree[]) => readonly Tree[]): Tree;
}

/** What a query is called where it has no name that the SQL could say. */
const ROWS = `${HIDDEN}rows`;

class Carrier {
  gathers = false;
  repeats = false;
  isReworked = false;
  readonly #known: Known;
  readonly #collates: boolean;
  #unnamed = 0;

  constructor(known: Known, collates: boolean) {
    this.#known = known;
    this.#collates = collates;
  }

  query(query: Tree, outer: Scope): Carried {
    const { cte_map, scope } = this.#with(query, outer);
    const inside = { ...query, cte_map };
    switch (query.type) {
      case 'SELECT_NODE':
        return this.#select(inside, scope);
      case 'SET_OPERATION_NODE':
        return this.#setOperation(this.#withModifiers(inside, [], scope), scope);
      case 'RECURSIVE_CTE_NODE':
        return this.#recursive(inside, scope);
      default:
        throw new Untraceable();
    }
  }

  #withModifiers(query: Tree, sources: readonly Source[], scope: Scope): Tree {
    return { ...query, modifiers: list(query.modifiers).map((one) => this.#modifier(one, sources, scope)) };
  }

  #with(query: Tree, outer: Scope): { cte_map: Tree; scope: Scope } {
    let scope = outer;
    const map = list((query.cte_map as Tree | undefined)?.map).map((entry) => {
      const value = entry.value as Tree & { query: { node: Tree } };
      const { carried, isTraceable } = this.#ownTable(value.query.node, scope);
      const kinds = isTraceable ? carried.kinds : undefined;
      scope = { ...scope, tables: new Map(scope.tables).set(String(entry.key).toLowerCase(), kinds) };
      return { ...entry, value: { ...value, query: { ...value.query, node: carried.build((own) => own) } } };
    });
    return { cte_map: { map }, scope };
  }

  /** A query of a WITH may be looked up only, and need not be traceable then. */
  #ownTable(query: Tree, scope: Scope): { carried: Carried; isTraceable: boolean } {
    try {
      return { carried: this.query(query, scope), isTraceable: true };
    } catch (error) {
      if (!(error instanceof Untraceable)) throw error;
      return { carried: this.query(query, { ...scope, carries: false }), isTraceable: false };
    }
  }

  #select(query: Tree, scope: Scope): Carried {
    const { from, sources } = this.#from(query.from_table as Tree, scope);
    if (takesRowsWhole(query, sources)) throw new Untraceable();
    const { modifiers, cte_map, from_table, ...parts } = query;
    const select: Tree = {
      ...this.#withModifiers(query, sources, scope),
      ...this.#expressions(parts, sources, scope),
      from_table: from,
    };
    const isGrouped = this.#isGrouped(query);
    const own = scope.carries
      ? sources.flatMap(({ alias, kinds }) => kinds.map((kind, i) => ({ alias, kind, i })))
      : [];
    const isRepeated = from.type === 'JOIN' || hasPart(query, ({ function_name }) => function_name === 'unnest');
    if (isRepeated && own.some(({ kind }) => kind === 'many')) this.repeats = true;
    const columns = own.map(({ alias, kind, i }) => {
      const column = columnRef(alias, originColumn(i));
      return isGrouped ? this.#gathered(column, kind) : column;
    });
    const kinds = own.map(({ kind }) => (isGrouped ? 'many' : kind));
    const carried: Carried = {
      kinds,
      build: (make) => ({ ...select, select_list: [...list(select.select_list), ...numbered(make(columns))] }),
    };
    const distinct = list(modifiers).find(({ type }) => type === 'DISTINCT_MODIFIER');
    if (!distinct || kinds.length === 0) return carried;
    if (list(distinct.distinct_on_targets).length > 0) throw new Untraceable();
    const ordered = {
      ...select,
      modifiers: list(select.modifiers).map((one) => byPlace(one, list(query.select_list))),
    };
    const rows = { ...carried.build((own) => own), modifiers: [], cte_map: { map: [] } };
    return this.#grouped(ordered, kinds, rows);
  }

  /** Equal rows of a query as one, with the origins of all: what DISTINCT asks for. The order and the limits are those of the rows that are left. */
  #grouped(
    query: Tree,
    kinds: readonly OriginKind[],
    rows: Tree,
    having: Tree | null = null,
    more: readonly string[] = [],
  ): Carried {
    const modifiers = list(query.modifiers).filter(({ type }) => type !== 'DISTINCT_MODIFIER');
    this.isReworked = true;
    // What DISTINCT takes for equal by its collation, GROUP BY does not.
    if (this.#collates || !modifiers.every(isOfColumns)) throw new Untraceable();
    const hidden = [...kinds.map((_, i) => originColumn(i)), ...more];
    const columns = kinds.map((kind, i) => this.#gathered(columnRef(ROWS, originColumn(i)), kind));
    return {
      kinds: kinds.map(() => 'many'),
      build: (make) => ({
        ...selectFrom(rows, ROWS, [starWithout(hidden), ...numbered(make(columns))], { having }),
        modifiers,
        cte_map: query.cte_map,
      }),
    };
  }

  #setOperation(query: Tree, scope: Scope): Carried {
    const { setop_type, setop_all } = query;
    const isExcept = setop_type === 'EXCEPT';
    const parts = partsOf(query).map((part, i) => {
      // Whether it is one operation with what is around it, cannot be seen.
      if (isAlike(part, query) && hasTables(part)) throw new Untraceable();
      return this.query(part, isExcept && i > 0 ? { ...scope, carries: false } : scope);
    });
    const kinds = joined(parts.map((part) => part.kinds));
    const over = (operation: Tree, change: (part: Carried, at: number) => Tree, isAll = setop_all) => {
      let at = 0;
      return withParts(operation, () => change(parts[at] as Carried, at++), isAll);
    };
    if (kinds.length === 0) return untraced(over(query, ({ build }) => build(() => [])));
    const carrying = (part: Carried, make: (own: readonly Tree[]) => readonly Tree[]) =>
      part.build((own) => make(aligned(own, part.kinds, kinds)));
    if (setop_type === 'UNION' && setop_all) {
      return { kinds, build: (make) => over(query, (part) => carrying(part, make)) };
    }
    const bare = { ...query, modifiers: [], cte_map: { map: [] } };
    const forItself = (part: Carried, make: (own: readonly Tree[]) => readonly Tree[]) =>
      shielded(carrying(part, make), ROWS);
    if (setop_type === 'UNION_BY_NAME' || setop_type === 'UNION') {
      const rows = over(bare, (part) => forItself(part, (own) => own), true);
      return setop_all ? this.#wrapped(query, kinds, rows) : this.#grouped(query, kinds, rows);
    }
    if (setop_all) throw new Untraceable();
    const side = originColumn(kinds.length);
    const isLeft = columnRef(ROWS, side);
    const having = isExcept ? call('bool_and', isLeft) : both(call('bool_or', isLeft), not(call('bool_and', isLeft)));
    const rows = over(bare, (part, at) => forItself(part, (own) => [...own, truth(at === 0)]), true);
    return this.#grouped(query, kinds, { ...rows, setop_type: 'UNION' }, having, [side]);
  }

  /** Rows whose columns of origins stand somewhere, in a question where they stand last. */
  #wrapped(query: Tree, kinds: readonly OriginKind[], rows: Tree): Carried {
    this.isReworked = true;
    const modifiers = list(query.modifiers);
    if (!modifiers.every(isOfColumns)) throw new Untraceable();
    const hidden = kinds.map((_, i) => originColumn(i));
    const columns = hidden.map((name) => columnRef(ROWS, name));
    return {
      kinds,
      build: (make) => ({
        ...selectFrom(rows, ROWS, [starWithout(hidden), ...numbered(make(columns))]),
        modifiers,
        cte_map: query.cte_map,
      }),
    };
  }

  /** What a recursion has made of records, its rows do not tell. */
  #recursive(query: Tree, outer: Scope): Carried {
    const scope = { ...outer, tables: new Map(outer.tables).set(String(query.cte_name).toLowerCase(), []) };
    const sides = ['left', 'right'].map((side) => [side, this.query(query[side] as Tree, scope)] as const);
    if (sides.some(([, { kinds }]) => kinds.length > 0)) throw new Untraceable();
    return untraced({ ...query, ...Object.fromEntries(sides.map(([side, { build }]) => [side, build(() => [])])) });
  }

  #gathered(column: Tree, kind: OriginKind): Tree {
    this.gathers = true;
    return call('string_agg', asMany(column, kind), text(' '));
  }

  /** The tables of a FROM, and which of them bring origins. */
  #from(from: Tree, scope: Scope): { from: Tree; sources: readonly Source[] } {
    switch (from.type) {
      case 'BASE_TABLE':
        return this.#table(from, scope);
      case 'SUBQUERY':
        return this.#subquery(from, scope);
      case 'JOIN':
        return this.#join(from, scope);
      case 'TABLE_FUNCTION':
        // Its rows may be those of a table that it names in a text or asks for.
        if (scope.carries && hasPart(from, (part) => isQueryCall(part) || isSubquery(part))) throw new Untraceable();
        return { from: this.#expressions(from, [], scope), sources: [] };
      case 'EMPTY':
      case 'EXPRESSION_LIST':
        return { from: this.#expressions(from, [], scope), sources: [] };
      default:
        // Such as PIVOT, which makes columns of values and groups by all others.
        if (scope.carries || hasPart(from, (part) => carriesIn(scope, part))) throw new Untraceable();
        return { from, sources: [] };
    }
  }

  #table(from: Tree, scope: Scope): { from: Tree; sources: readonly Source[] } {
    const { schema_name, catalog_name } = from;
    const name = String(from.table_name).toLowerCase();
    if (schema_name || catalog_name) throw new Untraceable();
    const alias = String(from.alias || from.table_name);
    if (scope.tables.has(name)) {
      const kinds = scope.tables.get(name);
      if (!kinds && scope.carries) throw new Untraceable();
      return { from, sources: sourceOf(alias, kinds ?? []) };
    }
    const step = scope.carries ? this.#known.steps.get(name) : undefined;
    if (step === undefined) return { from, sources: [] };
    return { from: { ...from, alias, table_name: tracedView(step) }, sources: sourceOf(alias, ['one']) };
  }

  #subquery(from: Tree, scope: Scope): { from: Tree; sources: readonly Source[] } {
    const { node, ...rest } = from.subquery as { node: Tree };
    const { kinds, build } = this.query(node, scope);
    const alias = String(from.alias || `${ROWS} ${this.#unnamed++}`);
    const subquery = { node: build((own) => own), ...rest };
    return { from: { ...from, subquery, ...(kinds.length > 0 && { alias }) }, sources: sourceOf(alias, kinds) };
  }

  #join(from: Tree, scope: Scope): { from: Tree; sources: readonly Source[] } {
    const isOnlyLookedUp = from.join_type === 'SEMI' || from.join_type === 'ANTI';
    const left = this.#from(from.left as Tree, scope);
    const right = this.#from(from.right as Tree, isOnlyLookedUp ? { ...scope, carries: false } : scope);
    // Its columns of origins would be joined by as well.
    if (from.ref_type === 'NATURAL' && left.sources.length > 0 && right.sources.length > 0) throw new Untraceable();
    const sources = isOnlyLookedUp ? left.sources : [...left.sources, ...right.sources];
    const { left: _, right: __, ...parts } = from;
    return {
      from: { ...from, ...this.#expressions(parts, sources, scope), left: left.from, right: right.from },
      sources,
    };
  }

  /** Expressions in which `*` does not show the columns of origins, also within the questions that they ask. */
  #expressions(parts: Tree, sources: readonly Source[], scope: Scope): Tree {
    const change = (part: Tree): Tree | undefined => {
      if (isSubquery(part)) {
        const { node, ...rest } = part.subquery as { node: Tree };
        const asked = this.query(node, { ...scope, carries: false }).build(() => []);
        const child = mapped(part.child, change);
        return { ...part, child, subquery: { ...rest, node: asked } };
      }
      return part.class === 'STAR' ? mappedInside(starOver(part, sources), change) : undefined;
    };
    return mappedInside(parts, change);
  }

  #modifier(modifier: Tree, sources: readonly Source[], scope: Scope): Tree {
    const [first, ...others] = list(modifier.orders);
    // ORDER BY ALL takes the origins last: they tell apart only rows that are equal.
    const isAll = first && others.length === 0 && isAllColumns(first.expression as Tree);
    return isAll ? modifier : this.#expressions(modifier, sources, scope);
  }

  #isGrouped(query: Tree): boolean {
    const { group_sets, aggregate_handling, having, select_list, qualify, modifiers } = query;
    if (list(group_sets).length > 0 || aggregate_handling === 'FORCE_AGGREGATES' || having) return true;
    const isAggregate = ({ class: kind, function_name }: Tree) =>
      kind === 'FUNCTION' && this.#known.aggregates.has(String(function_name).toLowerCase());
    return hasPart([select_list, qualify, modifiers], isAggregate, (part) => !isSubquery(part));
  }
}

/** A query without origins of its own; what is to be added, stands around it. */
function untraced(query: Tree): Carried {
  return {
    kinds: [],
    build: (make) => {
      const more = make([]);
      return more.length === 0 ? query : selectFrom(query, ROWS, [starWithout([]), ...numbered(more)]);
    },
  };
}

function carriesIn(scope: Scope, { type, table_name }: Tree): boolean {
  const kinds = type === 'BASE_TABLE' ? scope.tables.get(String(table_name).toLowerCase()) : [];
  return kinds !== undefined && kinds.length > 0;
}

function isQueryCall({ function_name }: Tree): boolean {
  return /^query(_table)?$/i.test(String(function_name));
}
