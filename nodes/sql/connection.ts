import { type CredentialDefinition, type NodeContext, NodeError } from '../../sdk/index.ts';
import duckdb from './credential-duckdb.ts';
import mysql from './credential-mysql.ts';
import postgres from './credential-postgres.ts';
import sqlite from './credential-sqlite.ts';
import type { Database } from './dialects/dialect.ts';
import { pacedDatabase } from './paced-database.ts';

/** What the SQL nodes can connect with. */
export const sqlCredentials: readonly CredentialDefinition<unknown>[] = [postgres, mysql, sqlite, duckdb];

/** The credential's database, shared by all runs that use the credential. */
export async function connectDatabase(ctx: NodeContext): Promise<Database> {
  const shared = await ctx.connect(
    'database',
    () => open(ctx),
    (database) => database.close(),
  );
  return pacedDatabase(shared, ctx);
}

async function open(ctx: NodeContext): Promise<Database> {
  switch (ctx.credentialType) {
    case 'postgres': {
      const values = postgres.fields.parse(ctx.credential);
      await ctx.egress.check(values.host, values.port);
      return (await import('./dialects/postgres.ts')).openPostgres(values);
    }
    case 'mysql': {
      const values = mysql.fields.parse(ctx.credential);
      await ctx.egress.check(values.host, values.port);
      return (await import('./dialects/mysql.ts')).openMysql(values);
    }
    case 'sqlite':
      return (await import('./dialects/sqlite.ts')).openSqlite(
        ctx.files.path(sqlite.fields.parse(ctx.credential).path),
      );
    case 'duckdb':
      return (await import('./dialects/duckdb.ts')).openDuckdb(
        ctx.files.path(duckdb.fields.parse(ctx.credential).path),
      );
    default:
      throw new NodeError({
        class: 'config',
        code: 'sql-credential-missing',
        message: 'This step has no database to connect with.',
        remedy: 'Pick a PostgreSQL, MySQL, SQLite or DuckDB credential in the step.',
        field: 'Credential',
      });
  }
}
