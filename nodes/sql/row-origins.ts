import type { DuckDBConnection } from '@duckdb/node-api';
import type { DataRecord, Origin } from '../../sdk/index.ts';
import { carryOrigins } from './carry-origins.ts';
import type { OriginKind } from './origin-columns.ts';
import { type OriginRange, OriginTexts } from './origin-texts.ts';
import type { Statement } from './sql-text.ts';
import { cast, mappedInside, meaningOf, named, type Tree, text } from './sql-tree.ts';
import { HIDDEN, originColumn } from './step-tables.ts';

/** A step's table whose rows have origins. */
export interface TracedTable extends OriginRange {
  /** As the SQL calls it. */
  readonly name: string;
}

/** A question that also says which records each row was made of. */
export interface TracedQuestion {
  readonly statement: Statement;
  /**
   * Asks in its column `characters` how long all texts of origins are, where what a group was made of may be in the answer many times: with the
   * sum of a group beside each of its records.
   */
  readonly size: Statement | undefined;
  /** Asks in its column `agrees` whether it has the same answer as the question, where it puts rows together in another way. */
  readonly proof: Statement | undefined;
  originsOf(rows: readonly DataRecord[]): Promise<Origin[]>;
  /** How long the texts of origins are. */
  charactersOf(rows: readonly DataRecord[]): number;
}

/** Records of which rows may be put together with all their origins: those of one row are read at once, in about 20 bytes each. */
const MOST_GATHERED = 10_000_000;

/**
 * The same question with columns more for the origins of each row. `undefined` where it cannot be put so that it is certain to have the same
 * answer, and the origins to be all of them: such rows have none.
 */
export async function tracedQuestion(
  connection: DuckDBConnection,
  { text: sql, values }: Statement,
  tables: readonly TracedTable[],
): Promise<TracedQuestion | undefined> {
  const question = tables.length === 0 ? undefined : await parsed(connection, sql);
  const node = question && nodeOf(question);
  if (!question || !node) return undefined;
  const carried = carryOrigins(withCasts(node), {
    steps: new Map(tables.map(({ name }) => [name.toLowerCase(), name])),
    aggregates: await aggregates(connection),
  });
  if (!carried) return undefined;
  const { query, kinds, gathers, repeats, isReworked } = carried;
  if (gathers && tables.reduce((sum, { count }) => sum + count, 0) > MOST_GATHERED) return undefined;
  const traced = await written(connection, withNode(question, query));
  if (traced === undefined || !(await hasSameColumns(connection, sql, traced))) return undefined;
  const texts = new OriginTexts(tables);
  const size = repeats && kinds.includes('many') ? { text: sizeOf(traced, kinds), values } : undefined;
  return {
    statement: { text: traced, values },
    size,
    proof: isReworked ? { text: proofOf(sql, traced, kinds), values } : undefined,
    originsOf: (rows) => originsIn(rows, kinds, texts),
    charactersOf: (rows) => charactersIn(rows, kinds),
  };
}

function sizeOf(traced: string, kinds: readonly OriginKind[]): string {
  const lengths = kinds.flatMap((kind, i) => (kind === 'many' ? [`coalesce(strlen("${originColumn(i)}"), 0)`] : []));
  return `SELECT sum(${lengths.join(' + ')})::DOUBLE AS characters FROM (${traced})`;
}

/** Compares all rows of both, whatever their order, by a sum over the rows. */
function proofOf(sql: string, traced: string, kinds: readonly OriginKind[]): string {
  const hidden = kinds.map((_, i) => `"${originColumn(i)}"`).join(', ');
  const sumOf = (question: string) => `(SELECT [count(*), sum(hash(t)::HUGEINT)] FROM (${question}\n) t)`;
  const own = sql.replace(/[;\s]+$/, '');
  return `SELECT ${sumOf(own)} IS NOT DISTINCT FROM ${sumOf(`SELECT * EXCLUDE (${hidden}) FROM (${traced})`)} AS agrees`;
}

async function originsIn(
  rows: readonly DataRecord[],
  kinds: readonly OriginKind[],
  texts: OriginTexts,
): Promise<Origin[]> {
  const columns = kinds.map((_, i) => originColumn(i));
  if (!kinds.includes('many')) return rows.map((row) => originIn(row, columns));
  const origins: Origin[] = [];
  for (const row of rows) {
    const given = columns.map((column) => row[column]).filter((value) => value !== null);
    origins.push(single(await texts.read(given.join(' '))));
  }
  return origins;
}

function charactersIn(rows: readonly DataRecord[], kinds: readonly OriginKind[]): number {
  let sum = 0;
  for (const [i, kind] of kinds.entries()) {
    if (kind === 'many') for (const row of rows) sum += String(row[originColumn(i)] ?? '').length;
  }
  return sum;
}

/** Of each row where none is gathered. */
function originIn(row: DataRecord, columns: readonly string[]): Origin {
  const found: number[] = [];
  for (const column of columns) {
    const value = row[column];
    // An outer join has rows without one.
    if (typeof value === 'number' && !found.includes(value)) found.push(value);
  }
  return single(found);
}

function single(origins: readonly number[]): Origin {
  const [only] = origins;
  return origins.length === 1 && only !== undefined ? only : origins;
}

/** The question as DuckDB understands it. `undefined` for what is no question, and where it has numbers that JavaScript does not. */
async function parsed(connection: DuckDBConnection, sql: string): Promise<Tree | undefined> {
  const result = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  let isExact = true;
  const tree = JSON.parse(String(result.getRows()[0]?.[0]), (key, value: unknown) => {
    if (key === 'query_location') return 0;
    if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) isExact = false;
    return value;
  }) as Tree;
  return isExact ? tree : undefined;
}

function nodeOf({ statements }: Tree): Tree | undefined {
  return Array.isArray(statements) && statements.length === 1 ? (statements[0] as { node: Tree }).node : undefined;
}

function withNode(question: Tree, node: Tree): Tree {
  const [first] = question.statements as Tree[];
  return { ...question, statements: [{ ...first, node }] };
}

/** The question as SQL, if that is read as this very question again. */
async function written(connection: DuckDBConnection, question: Tree): Promise<string | undefined> {
  try {
    const result = await connection.runAndReadAll('SELECT json_deserialize_sql($1::JSON)', [JSON.stringify(question)]);
    const text = String(result.getRows()[0]?.[0]);
    const again = await parsed(connection, text);
    return again && meaningOf(again) === meaningOf(question) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** With constants as casts that are read otherwise than they are written: `1e3` is written as `1000.0`, a decimal; `IS TRUE` as a comparison. */
function withCasts(node: Tree): Tree {
  return mappedInside(node, (part) => {
    const { type, value } = (part.class === 'CONSTANT' ? part.value : {}) as Tree & { type?: Tree };
    if (type?.id === 'DOUBLE' && typeof value === 'number') return castTo('DOUBLE', String(value), part);
    if (type?.id === 'BOOLEAN' && typeof value === 'boolean') return castTo('BOOLEAN', value ? 't' : 'f', part);
    return undefined;
  });
}

function castTo(type: 'BOOLEAN' | 'DOUBLE', value: string, { alias }: Tree): Tree {
  return named(cast(text(value), type), String(alias));
}

/** The same in every database. */
let knownAggregates: ReadonlySet<string> | undefined;

async function aggregates(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  if (knownAggregates) return knownAggregates;
  const result = await connection.runAndReadAll(
    `SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'`,
  );
  knownAggregates = new Set([...result.getRows().map(([name]) => String(name)), ...AGGREGATE_MACROS]);
  return knownAggregates;
}

const AGGREGATE_MACROS = [
  'geomean',
  'json_group_array',
  'json_group_object',
  'json_group_structure',
  'wavg',
  'weighted_avg',
];

async function hasSameColumns(connection: DuckDBConnection, sql: string, traced: string): Promise<boolean> {
  const [before, after] = [await columnsOf(connection, sql), await columnsOf(connection, traced)];
  return before !== undefined && before.join('\n') === after?.filter((name) => !name.startsWith(HIDDEN)).join('\n');
}

/** Names with their types; `undefined` where the question cannot be asked. */
async function columnsOf(connection: DuckDBConnection, sql: string): Promise<string[] | undefined> {
  try {
    const prepared = await connection.prepare(sql);
    const columns = Array.from(
      { length: prepared.columnCount },
      (_, i) => `${prepared.columnName(i)} ${prepared.columnType(i)}`,
    );
    prepared.destroySync();
    return columns;
  } catch {
    return undefined;
  }
}
