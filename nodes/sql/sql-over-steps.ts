import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { type DataRecord, defineNode, field, NodeError, type Origin, setOwnField, stream } from '../../sdk/index.ts';
import { tablesIn } from '../../spec/workflow/sql-tables.ts';
import { withScratchDuckdb } from './dialects/duckdb.ts';
import { duckdbDialect } from './dialects/duckdb-dialect.ts';
import { duckdbFault } from './dialects/duckdb-fault.ts';
import { type TracedQuestion, type TracedTable, tracedQuestion } from './row-origins.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { bindNamed, type Statement } from './sql-text.ts';
import { HIDDEN, loadTable, widenEmpty } from './step-tables.ts';

const params = z.strictObject({
  sql: field.code({
    label: 'SQL',
    language: 'sql',
    tables: 'steps',
    placeholder:
      'select c.country, sum(o.amount) as turnover\nfrom orders o join customers c on o.customer = c.id\ngroup by c.country',
    help: 'One SELECT. Each table is an earlier step, by its name in "quotes" or by its id.',
  }),
  values: field.keyValues({ label: 'Values', scope: 'step', help: 'One for each :name in the SQL.' }).default({}),
});

export default defineNode(
  {
    type: 'sql-over-steps',
    version: 1,
    title: 'SQL over steps',
    summary: '{sql}',
    description:
      'Asks one SQL question over what earlier steps gave, however many records that are: join, group and filter several of them at once. The SQL is that of DuckDB. A field is a column: whole numbers BIGINT, other numbers DOUBLE, true and false BOOLEAN, texts (dates and long numbers too) VARCHAR, lists, objects and fields of mixed types JSON. Convert a text where you reckon with it, such as "day"::date or "price"::decimal(18, 2). Of a step with several outputs the first that has records is taken. Each row is traced back to the records that it was made of, through joins, groups, UNION, DISTINCT and WITH. Only reading is possible: the SQL reaches no files, no network and no database.',
    connector: 'sql',
    category: 'data',
    keywords: ['query', 'select', 'join', 'group by', 'duckdb', 'window function', 'pivot', 'union', 'analyse'],
    params,
    examples: [
      {
        title: 'Turnover by country',
        params: {
          sql: 'select c.country, sum(o.amount) as turnover from orders o join customers c on o.customer = c.id group by c.country order by turnover desc',
        },
      },
      {
        title: 'Numbered within each customer, from a given day on',
        params: {
          sql: 'select *, row_number() over (partition by customer order by day) as n from orders where day >= :since',
          values: { since: '2026-01-01' },
        },
      },
    ],
  },
  stream(async (io) => {
    const { sql, values } = io.stepParams();
    const change = CHANGES.exec(sql)?.[1];
    if (change !== undefined) throw noQuestion(change);
    const statement = bindNamed(sql, values, duckdbDialect.lexis);
    await withScratchFolder((folder) =>
      withScratchDuckdb(folder, async (duckdb, instance, database) => {
        const connection = await instance.connect();
        let traced: TracedQuestion | undefined;
        try {
          const empty: string[] = [];
          const tables: TracedTable[] = [];
          for (const name of tablesIn(sql)) {
            const records = io.earlier(name);
            if (records === undefined) throw noStep(name);
            const { count, from } = records;
            if (count === 0) empty.push(name);
            else {
              await loadTable(duckdb, connection, name, records);
              if (from !== undefined) tables.push({ name, from, count });
            }
            io.ctx.signal.throwIfAborted();
          }
          await bindOverEmpty(connection, statement, empty);
          traced = await tracedQuestion(connection, statement, tables);
        } catch (error) {
          throw io.ctx.signal.aborted ? io.ctx.signal.reason : duckdbFault(error);
        } finally {
          connection.closeSync();
        }
        const read = (question: Statement) => database.read(question, io.ctx.signal);
        for await (const { records, origins } of answer(read, statement, traced)) {
          await io.emit('records', records, origins);
        }
      }),
    );
  }),
);

/** First words, after comments, of statements that ask nothing. DuckDB would say of some that a table is missing. */
const CHANGES =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(alter|attach|call|checkpoint|copy|create|delete|detach|drop|export|import|insert|install|load|merge|pragma|reset|set|truncate|update|use|vacuum)\b/i;

interface Answer {
  readonly records: readonly DataRecord[];
  readonly origins: readonly Origin[] | undefined;
}

type Read = (question: Statement) => AsyncIterable<DataRecord[]>;

/** With origins, unless these take more memory than there is: what is asked for comes first. */
async function* answer(read: Read, statement: Statement, traced: TracedQuestion | undefined): AsyncIterable<Answer> {
  if (traced && (yield* tracedAnswer(read, traced))) return;
  for await (const rows of read(statement)) yield { records: rows.map(shown), origins: undefined };
}

/** Whether it could be given: false before the first row, or never. */
async function* tracedAnswer(read: Read, traced: TracedQuestion): AsyncGenerator<Answer, boolean> {
  let isUnderWay = false;
  try {
    if (!(await fits(read, traced)) || !(await agrees(read, traced))) return false;
    for await (const rows of read(traced.statement)) {
      if (!isUnderWay && traced.charactersOf(rows) > MOST_CHARACTERS) return false;
      isUnderWay = true;
      yield { records: rows.map(shown), origins: await traced.originsOf(rows) };
    }
    return true;
  } catch (error) {
    if (isUnderWay || !isOutOfMemory(error)) throw error;
    return false;
  }
}

/** Characters of texts of origins: of a whole answer, and of what is read at once. */
const MOST_CHARACTERS = 100_000_000;

async function fits(read: Read, { size }: TracedQuestion): Promise<boolean> {
  if (!size) return true;
  for await (const [row] of read(size)) return Number(row?.characters) <= MOST_CHARACTERS;
  return true;
}

/** What cannot be proved is not so. */
async function agrees(read: Read, { proof }: TracedQuestion): Promise<boolean> {
  if (!proof) return true;
  try {
    for await (const [row] of read(proof)) return row?.agrees === true;
  } catch {
    // The question itself is asked next, and fails as it would have.
  }
  return false;
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof NodeError && /^Out of Memory Error/.test(String((error.cause as Error | undefined)?.message));
}

function shown(row: DataRecord): DataRecord {
  const names = Object.keys(row);
  const isShown = (name: string) => !name.startsWith(HIDDEN);
  if (names.every(isShown)) return row;
  const record: DataRecord = {};
  for (const name of names) if (isShown(name)) setOwnField(record, name, row[name]);
  return record;
}

/**
 * What a step gives that gave no records is a table without rows, and nobody knows its columns: it gets those that the SQL asks for, as the
 * database names them one after the other.
 */
async function bindOverEmpty(
  connection: DuckDBConnection,
  { text }: Statement,
  tables: readonly string[],
): Promise<void> {
  const columns = new Map(tables.map((table) => [table, new Set<string>()]));
  for (const [table, names] of columns) await widenEmpty(connection, table, names);
  for (;;) {
    try {
      (await connection.prepare(text)).destroySync();
      return;
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      const anywhere = /Referenced column "([^"]+)" not found/.exec(message)?.[1];
      const named =
        /does not have a column named "([^"]+)"|Column "([^"]+)" does not exist on (?:left|right) side/.exec(message);
      const missing = anywhere ?? named?.[1] ?? named?.[2];
      if (missing === undefined) throw error;
      const without = [...columns].filter(([, names]) => !hasColumn(names, missing));
      if (without.length === 0) throw error;
      // Without a table's name before it, a column that several tables had would be nobody's.
      for (const [table, names] of anywhere === undefined ? without : without.slice(0, 1)) {
        names.add(missing);
        await widenEmpty(connection, table, names);
      }
    }
  }
}

function hasColumn(names: ReadonlySet<string>, name: string): boolean {
  return [...names].some((known) => known.toLowerCase() === name.toLowerCase());
}

function noQuestion(word: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'sql-read-only',
    message: `The SQL begins with ${word.toUpperCase()}, and this step only asks.`,
    remedy: 'Begin it with SELECT, WITH or FROM. To change data, use "Execute SQL".',
    field: 'SQL',
  });
}

function noStep(table: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'sql-step-missing',
    message: `The SQL reads "${table}", and there is no step of that name.`,
    remedy: 'Write the name of an earlier step in "quotes", or its id.',
    field: 'SQL',
  });
}
