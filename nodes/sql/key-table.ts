import { type CallInDoubt, field, isRecordFault, type NodeContext, NodeError, type Verdict } from '../../sdk/index.ts';
import { connectDatabase } from './connection.ts';
import { type Database, quoteTable, type Session, type SessionOptions, type TableName } from './dialects/dialect.ts';
import { bindNamed } from './sql-text.ts';
import { parseTableName, printTableName } from './table-name.ts';

export const keyTableField = () =>
  field
    .text({
      label: 'Key table',
      help: 'A table of Sluice’s own in this database, such as sluice_calls; it is made if it is missing. What the step does leaves a row in it, in the same transaction, so that after an interruption the database itself says whether it was done, and nobody is asked. Rows of runs that have ended may be deleted. SQL that ends a transaction by itself, such as CREATE TABLE in MySQL, cannot be told this way.',
      placeholder: 'sluice_calls',
      scope: 'literal',
      advanced: true,
    })
    .optional();

interface Settings {
  readonly keyTable?: string | undefined;
}

/** A call that began and of which a part may be there. */
const BEGUN = 'begun';

/**
 * The database, where what a session does leaves a row with the call's key in the same transaction. A session whose call has its row
 * already does nothing, and gives what it gave then, which is plain JSON. Where a session is no transaction, the row is there before it,
 * and says only afterwards that all is done. Without a key table it is the database as it is.
 */
export function leavingKeys(
  database: Database,
  { keyTable }: Settings,
  key: string,
): Pick<Database, 'session' | 'dialect'> {
  if (keyTable === undefined) return database;
  const keys = new KeyTable(database, parseTableName(keyTable));
  return {
    dialect: database.dialect,
    session: async (options, act) => {
      await keys.make(options.signal);
      return options.transaction ? keys.during(options, key, act) : keys.around(options, key, act);
    },
  };
}

class KeyTable {
  readonly #database: Database;
  readonly #table: TableName;

  constructor(database: Database, table: TableName) {
    this.#database = database;
    this.#table = table;
  }

  async isThere(signal: AbortSignal): Promise<boolean> {
    return (await this.#database.columns(this.#table, signal)).length > 0;
  }

  async make(signal: AbortSignal): Promise<void> {
    if (await this.isThere(signal)) return;
    const columns = ['call_key', 'made_at', 'outcome'].map((name) => ({ name, kind: 'text' as const }));
    const text = this.#database.dialect.createTable(this.#table, columns, ['call_key']);
    await this.#database.session({ transaction: false, signal }, (session) => session.run({ text, values: [] }));
  }

  during<T>(options: SessionOptions, key: string, act: (session: Session) => Promise<T>): Promise<T> {
    return this.#database.session(options, async (session) => {
      const known = await this.find(session, key);
      if (known !== undefined && known !== BEGUN) return JSON.parse(known) as T;
      const result = await act(session);
      await this.#leave(session, key, JSON.stringify(result));
      return result;
    });
  }

  async around<T>(options: SessionOptions, key: string, act: (session: Session) => Promise<T>): Promise<T> {
    const transaction = { transaction: true, signal: options.signal };
    const known = await this.#database.session(transaction, async (session) => {
      const found = await this.find(session, key);
      if (found === undefined) await this.#leave(session, key, BEGUN);
      return found;
    });
    if (known !== undefined && known !== BEGUN) return JSON.parse(known) as T;
    const result = await this.#database.session(options, act);
    await this.#database.session(transaction, (session) => this.#leave(session, key, JSON.stringify(result)));
    return result;
  }

  async find(session: Session, key: string): Promise<string | undefined> {
    const [row] = await session.rows(this.#statement('select outcome from :table where call_key = :key', { key }));
    return row && String(row.outcome);
  }

  async #leave(session: Session, key: string, outcome: string): Promise<void> {
    await session.run(this.#statement('delete from :table where call_key = :key', { key }));
    const values = { key, at: new Date().toISOString(), outcome };
    try {
      await session.run(
        this.#statement('insert into :table (call_key, made_at, outcome) values (:key, :at, :outcome)', values),
      );
    } catch (error) {
      throw isRecordFault(error) ? madeElsewhere(error) : error;
    }
  }

  #statement(sql: string, values: Record<string, string>) {
    const { dialect } = this.#database;
    return bindNamed(
      sql.replace(':table', () => quoteTable(dialect, this.#table)),
      values,
      dialect.lexis,
    );
  }
}

/** An earlier try of this very call was still on its way; what this one did is undone. */
function madeElsewhere(cause: unknown): NodeError {
  return new NodeError({
    class: 'uncertain',
    code: 'sql-call-made',
    message: 'An earlier try of this call came to its end at the same time.',
    remedy: 'The key table tells what came of it.',
    cause,
  });
}

/** Asks the key table. `resultOf` makes what the call gives from what its session gave. */
export function askKeyTable<P extends Settings>(resultOf: (kept: unknown, call: CallInDoubt<P>) => unknown) {
  return async (call: CallInDoubt<P>, ctx: NodeContext): Promise<Verdict> => {
    const database = await connectDatabase(ctx);
    const { keyTable = '' } = call.stepParams();
    const name = parseTableName(keyTable);
    const keys = new KeyTable(database, name);
    const table = printTableName(name);
    const { signal } = ctx;
    if (!(await keys.isThere(signal))) return { outcome: 'not-done', said: `There is no table ${table} yet.` };
    const known = await database.session({ transaction: false, signal }, (session) => keys.find(session, call.key));
    if (known === undefined) return { outcome: 'not-done', said: `${table} has no row for it.` };
    if (known === BEGUN)
      return { outcome: 'unknown', said: `${table} says that it began, and that a part may be done.` };
    return { outcome: 'done', said: `${table} has its row.`, result: resultOf(JSON.parse(known), call) };
  };
}
