import { batches, type DataRecord, type Item, type ItemResult, NodeError, type Runner } from '../../sdk/index.ts';
import { connectDatabase } from './connection.ts';
import type { Write } from './dialects/dialect.ts';
import { leavingKeys } from './key-table.ts';
import { parseTableName } from './table-name.ts';
import { TargetTable } from './target-table.ts';
import { encodeRows, writeRows } from './write-rows.ts';

/** Records that are written in one transaction. */
const BATCH = 10_000;
/** Fewer where their values have more bytes than this. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** Settings that the writing nodes share. */
export interface WriteParams {
  readonly table: string;
  readonly key?: string | readonly string[] | undefined;
  readonly columns?: DataRecord | undefined;
  readonly createTable?: boolean | undefined;
  readonly addColumns?: boolean | undefined;
  readonly keyTable?: string | undefined;
}

/**
 * Writes the records in batches; each gives the row as it was written, or goes to `rejected`. While the database works on a batch, the
 * next one is made ready; they are written one after the other, so that of records with the same key the last one wins.
 */
export function writeRunner<P extends WriteParams>(kind: Write['kind']): Runner<P> {
  return {
    run: (io) => {
      let target: TargetTable | undefined;
      let prepared: Promise<void> = Promise.resolve();
      const expected = kind === 'delete' ? (record: DataRecord) => record : rowOf;
      const options = { size: BATCH, bytes: BATCH_BYTES, parallel: 2, expected };
      return batches<P, unknown>(options, async (items, ctx, { key: call, turn }) => {
        const database = await connectDatabase(ctx);
        const first = (items[0] as Item<P>).params;
        const key = keyOf(first);
        target ??= new TargetTable(database, { kind, ...settingsOf(first), key }, ctx.signal);
        const table = target;
        const rows = items.map(({ record, params }) =>
          kind === 'delete' ? keyValues(key, record, params) : rowOf(record, params),
        );
        try {
          prepared = prepared.then(() => table.prepare(rows));
          await prepared;
          const encoded = await encodeRows(database.dialect, table, rows, ctx.signal);
          await turn;
          const fates = await writeRows(leavingKeys(database, first, call), table, encoded, ctx.signal);
          return fates.map((fate): ItemResult => (fate === undefined ? 'done' : { error: fate }));
        } catch (error) {
          throw kind === 'insert' ? error : repeatable(error);
        }
      }).run(io);
    },
  };
}

export function keyOf({ key }: WriteParams): string[] {
  if (key === undefined) return [];
  return typeof key === 'string' ? key.split(',').map((name) => name.trim()) : [...key];
}

export function settingsOf(params: WriteParams) {
  return {
    table: parseTableName(params.table),
    createTable: params.createTable ?? false,
    addColumns: params.addColumns ?? false,
  };
}

/** The row that a record becomes: the mapped columns, or all its fields by name. */
export function rowOf(record: DataRecord, { columns }: WriteParams): DataRecord {
  return columns !== undefined && Object.keys(columns).length > 0 ? columns : record;
}

function keyValues(key: readonly string[], record: DataRecord, params: WriteParams): DataRecord {
  const row = rowOf(record, params);
  return Object.fromEntries(key.map((name) => [name, row[name]]));
}

/** A write that may be repeated need not ask a person whether it happened. */
function repeatable(error: unknown): unknown {
  if (!(error instanceof NodeError) || error.class !== 'uncertain') return error;
  const { code, message, details } = error;
  return new NodeError({
    class: 'transient',
    code,
    message,
    remedy: 'The rows are written again, which changes nothing if they are there already.',
    details,
    cause: error,
  });
}
