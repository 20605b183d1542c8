import type { NodeContext } from '../../sdk/index.ts';
import type { Database } from './dialects/dialect.ts';

/**
 * The database within the limits of its credential. A session is one call from its first statement to its last. A read is one where it
 * begins: its rows are taken as fast as what comes after it wants them, which may be a session with the same credential.
 */
export function pacedDatabase(database: Database, ctx: NodeContext): Database {
  return {
    dialect: database.dialect,
    read: async function* (statement, signal) {
      await ctx.paced(async () => {});
      yield* database.read(statement, signal);
    },
    session: (options, act) => ctx.paced(() => database.session(options, act)),
    tables: (signal) => database.tables(signal),
    columns: (table, signal) => database.columns(table, signal),
    uniqueKeys: (table, signal) => database.uniqueKeys(table, signal),
    describe: (signal) => database.describe(signal),
    close: () => database.close(),
  };
}
