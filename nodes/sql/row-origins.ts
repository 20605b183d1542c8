import type { DuckDBConnection } from '@duckdb/node-api';
import type { DataRecord, Origin } from '../../sdk/index.ts';
import { duckdbDialect } from './dialects/duckdb-dialect.ts';
import type { Statement } from './sql-text.ts';
import { HIDDEN, POSITION } from './step-tables.ts';

/** A step's records as the SQL finds them, which came in through an input as well. */
export interface TracedTable {
  /** As the SQL calls it. */
  readonly name: string;
  /** Origin of its first record. */
  readonly from: number;
  readonly count: number;
}

/** A question that also says which records each row was made of. */
export interface TracedQuestion {
  readonly statement: Statement;
  originOf(row: DataRecord): Origin;
}

/** Records of which groups may be made with all their origins: those of a group are read at once. */
const MOST_GATHERED = 1_000_000;

/**
 * The same question with a column more for each table: the position of the record that a row was made of, or all of them where rows are groups.
 * `undefined` where that would ask something else, as with DISTINCT, UNION or the queries of a WITH: such rows have no origins.
 */
export async function tracedQuestion(
  connection: DuckDBConnection,
  { text, values }: Statement,
  tables: readonly TracedTable[],
): Promise<TracedQuestion | undefined> {
  const query = await parsed(connection, text);
  const select = query && selectOf(query, tables);
  const end = select && endOfColumns(text, select.tablesAt);
  if (!query || !select || end === undefined || select.tables.length === 0) return undefined;
  for (const gathers of select.isGrouped ? [true] : [false, true]) {
    if (gathers && select.tables.reduce((sum, { table }) => sum + table.count, 0) > MOST_GATHERED) return undefined;
    const columns = select.tables.map(({ alias }, i) => columnOf(alias, i, gathers));
    const traced = `${text.slice(0, end)}, ${columns.join(', ')} ${text.slice(end)}`;
    if (!(await asksTheSame(connection, query, traced, columns.length))) return undefined;
    if (!(await isRight(connection, traced))) continue;
    const froms = select.tables.map(({ table }) => table.from);
    return { statement: { text: traced, values }, originOf: (row) => originIn(row, froms) };
  }
  return undefined;
}

const { quote } = duckdbDialect;

function columnOf(alias: string, i: number, gathers: boolean): string {
  const position = `${quote(alias)}.${quote(POSITION)}`;
  // As one text: a list of a million values would take ten times as long to read.
  const all = `string_agg(${position}::VARCHAR, ' ' ORDER BY ${position})`;
  return `${gathers ? all : position} AS ${quote(fromColumn(i))}`;
}

const fromColumn = (i: number) => `${HIDDEN}from ${i}`;

function originIn(row: DataRecord, froms: readonly number[]): Origin {
  const found: number[] = [];
  for (const [i, from] of froms.entries()) {
    const position = row[fromColumn(i)];
    // An outer join has rows without one.
    if (typeof position === 'number') found.push(from + position);
    else if (typeof position === 'string') addPositions(position, from, found);
  }
  const [only] = found;
  return found.length === 1 && only !== undefined ? only : found;
}

/** Numbers in their order, each once, also if a join has brought it several times. */
function addPositions(text: string, from: number, found: number[]): void {
  let last = -1;
  let position = 0;
  for (let i = 0; i <= text.length; i++) {
    const digit = i < text.length ? text.charCodeAt(i) - ZERO : -1;
    if (digit >= 0) position = position * 10 + digit;
    else {
      if (position !== last) found.push(from + position);
      last = position;
      position = 0;
    }
  }
}

const ZERO = '0'.charCodeAt(0);

type Tree = { readonly [key: string]: unknown };

/** The question as DuckDB understands it. */
async function parsed(connection: DuckDBConnection, sql: string): Promise<Tree | undefined> {
  const options = 'skip_null := true, skip_empty := true, skip_default := true';
  const result = await connection.runAndReadAll(`SELECT json_serialize_sql($1::VARCHAR, ${options})`, [sql]);
  const tree = JSON.parse(String(result.getRows()[0]?.[0])) as Tree & { statements?: readonly { node: Tree }[] };
  return tree.statements?.length === 1 ? tree.statements[0]?.node : undefined;
}

interface Select {
  readonly tables: readonly { readonly alias: string; readonly table: TracedTable }[];
  /** Where the first of the tables stands in the text, in bytes of UTF-8. */
  readonly tablesAt: number;
  readonly isGrouped: boolean;
}

/** `undefined` for a question in which a column more would show, or change what comes out. */
function selectOf(query: Tree, known: readonly TracedTable[]): Select | undefined {
  if (query.type !== 'SELECT_NODE') return undefined;
  const modifiers = list(query.modifiers);
  if (modifiers.some(({ type }) => type === 'DISTINCT_MODIFIER')) return undefined;
  const sources = sourcesOf(query.from_table as Tree | undefined);
  const own = new Set(list((query.cte_map as Tree | undefined)?.map).map(({ key }) => String(key).toLowerCase()));
  const tables = sources.flatMap((source) => {
    const name = String(source.table_name).toLowerCase();
    const table = own.has(name) ? undefined : known.find((one) => one.name.toLowerCase() === name);
    return table ? [{ alias: String(source.alias ?? source.table_name), table }] : [];
  });
  const aliases = new Set(tables.map(({ alias }) => alias.toLowerCase()));
  const { select_list, ...rest } = query;
  const columns = list(select_list);
  const wouldShow =
    columns.some((column) => !isPlainStar(column) && showsAll(column, aliases)) || showsAll(rest, aliases);
  if (wouldShow) return undefined;
  const isGrouped = query.group_sets !== undefined || query.aggregate_handling === 'FORCE_AGGREGATES';
  // GROUP BY ALL would take the position for a key.
  if (isGrouped && columns.some(isPlainStar)) return undefined;
  const places = sources.map(({ query_location }) => Number(query_location));
  return { tables, tablesAt: Math.min(...places), isGrouped };
}

/** The tables that a FROM brings together, as far as their rows can be seen. */
function sourcesOf(from: Tree | undefined): Tree[] {
  if (from?.type === 'BASE_TABLE') return [from];
  if (from?.type !== 'JOIN') return [];
  const isOnlyLookedUp = from.join_type === 'SEMI' || from.join_type === 'ANTI';
  return [from.left, ...(isOnlyLookedUp ? [] : [from.right])].flatMap((side) => sourcesOf(side as Tree));
}

function isPlainStar({ class: kind, columns }: Tree): boolean {
  return kind === 'STAR' && !columns;
}

/** Whether something takes all columns there are: `columns(*)`, a table as a value, a natural join, a pivot. */
function showsAll(tree: unknown, aliases: ReadonlySet<string>): boolean {
  if (Array.isArray(tree)) return tree.some((one) => showsAll(one, aliases));
  if (typeof tree !== 'object' || tree === null) return false;
  const { class: kind, ref_type, type, column_names } = tree as Tree;
  if (kind === 'STAR' || ref_type === 'NATURAL' || type === 'PIVOT') return true;
  const [name, ...deeper] = Array.isArray(column_names) ? column_names : [];
  if (kind === 'COLUMN_REF' && deeper.length === 0 && aliases.has(String(name).toLowerCase())) return true;
  return Object.values(tree).some((one) => showsAll(one, aliases));
}

/** Where the columns of the SELECT end: before the FROM of its first table. */
function endOfColumns(sql: string, tablesAt: number): number | undefined {
  const before = Buffer.from(sql).subarray(0, tablesAt).toString();
  const from = /\sfrom[\s(]*$/i.exec(before);
  return from && /^\s*select\b/i.test(sql) ? from.index : undefined;
}

/** Whether the text with more columns is read as the same question with so many columns more. */
async function asksTheSame(connection: DuckDBConnection, query: Tree, sql: string, more: number): Promise<boolean> {
  const again = await parsed(connection, sql);
  const columns = list(again?.select_list);
  const same = { ...again, select_list: columns.slice(0, -more) };
  return columns.length > more && withoutPlaces(same) === withoutPlaces(query);
}

function withoutPlaces(tree: Tree): string {
  return JSON.stringify(tree, (key, value: unknown) => (key === 'query_location' ? undefined : value));
}

async function isRight(connection: DuckDBConnection, sql: string): Promise<boolean> {
  try {
    (await connection.prepare(sql)).destroySync();
    return true;
  } catch {
    return false;
  }
}

function list(value: unknown): readonly Tree[] {
  return Array.isArray(value) ? (value as Tree[]) : [];
}
