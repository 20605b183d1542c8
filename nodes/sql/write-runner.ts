import { batches, type DataRecord, NodeError, type Runner } from '../../sdk/index.ts';
import { connectDatabase } from './connection.ts';
import { parseTableName } from './table-name.ts';
import { TargetTable } from './target-table.ts';
import { writeRows } from './write-rows.ts';

const BATCH = 1_000;

/** Settings that the writing nodes share. */
export interface WriteParams {
  readonly table: string;
  readonly key?: string | readonly string[] | undefined;
  readonly columns?: DataRecord | undefined;
  readonly createTable?: boolean | undefined;
  readonly addColumns?: boolean | undefined;
}

/** Writes the records in batches of a thousand; each gives the row as it was written, or goes to `rejected`. */
export function writeRunner<P extends WriteParams>(kind: 'insert' | 'upsert' | 'delete'): Runner<P> {
  return {
    run: (io) => {
      let target: TargetTable | undefined;
      return batches<P, unknown>(BATCH, async (items, ctx) => {
        const database = await connectDatabase(ctx);
        const [first] = items;
        if (first === undefined) return [];
        const key = keyOf(first.params);
        target ??= new TargetTable(database, { kind, ...settingsOf(first.params), key }, ctx.signal);
        const rows = items.map(({ record, params }) =>
          kind === 'delete' ? keyValues(key, record, params) : rowOf(record, params),
        );
        try {
          await target.prepare(rows);
          const fates = await writeRows(database, target, rows, ctx.signal);
          return rows.map((row, i) => {
            const fate = fates[i];
            return fate === undefined
              ? { record: kind === 'delete' ? (items[i]?.record ?? row) : row }
              : { error: fate };
          });
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
