import { z } from 'zod';
import {
  batches,
  type CallInDoubt,
  type DataRecord,
  defineNode,
  type ErrorReport,
  errorFrom,
  field,
  type Item,
  type ItemResult,
  isRecordFault,
  type NodeContext,
  origin,
  reportOf,
  type StepIO,
  stream,
} from '../../sdk/index.ts';
import { connectDatabase, sqlCredentials } from './connection.ts';
import type { Dialect, Session } from './dialects/dialect.ts';
import { askKeyTable, keyTableField, leavingKeys } from './key-table.ts';
import { bindNamed, splitStatements } from './sql-text.ts';

/** Records that share a transaction when each has its own statement. */
const BATCH = 200;

const params = z.strictObject({
  sql: field.code({ label: 'SQL', language: 'sql', placeholder: 'update accounts set stage = :stage where id = :id' }),
  values: field.keyValues({ label: 'Values', help: 'One for each :name in the SQL.' }).default({}),
  perRecord: field
    .switch({ label: 'Once for each record', help: 'Otherwise once for the whole step.', scope: 'step' })
    .default(false),
  transaction: field
    .switch({
      label: 'All or nothing',
      help: 'Everything in one transaction: a failure undoes all of it.',
      scope: 'step',
    })
    .default(false),
  repeatable: field
    .switch({
      label: 'May be repeated',
      help: 'Turn on when running it twice does no harm. Then it is repeated after a failure instead of asking.',
      scope: 'literal',
      advanced: true,
    })
    .default(false),
  keyTable: keyTableField(),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'sql.execute',
    version: 1,
    title: 'Execute SQL',
    summary: '{sql}',
    description: 'Runs one or more statements that change data or tables, and gives how many rows they changed.',
    connector: 'sql',
    category: 'connector',
    keywords: ['database', 'update', 'statement', 'ddl', 'create table', 'procedure', 'write'],
    credential: sqlCredentials,
    params,
    outputs: ['records', 'rejected'],
    effect: [{ when: { repeatable: [true] }, effect: 'idempotent' }, { effect: 'once' }],
    verify: { needs: ['keyTable'], ask: askKeyTable(resultOf) },
    examples: [
      {
        title: 'Set the stage of each record',
        params: {
          sql: 'update accounts set stage = :stage where id = :id',
          values: { stage: '={{ $json.stage }}', id: '={{ $json.id }}' },
          perRecord: true,
        },
      },
    ],
  },
  stream(async (io) => {
    if (io.input().count === 0) return;
    const { perRecord, transaction } = io.stepParams();
    if (!perRecord) await runOnce(io, transaction);
    else if (transaction) await runAllOrNothing(io);
    else await perRecordRunner.run(io);
  }),
);

async function runOnce(io: StepIO<Params>, transaction: boolean): Promise<void> {
  const { sql, values, keyTable } = io.stepParams();
  const affected = await io.call({ start: 0, count: io.input().count }, async (key) => {
    const database = leavingKeys(await connectDatabase(io.ctx), { keyTable }, key);
    const options = { transaction: transaction || keyTable !== undefined, signal: io.ctx.signal };
    return database.session(options, (session) => execute(session, database.dialect, sql, values));
  });
  await io.emit('records', [{ affected: affected ?? null }]);
}

/** Each record's statement can fail alone; a batch of them is committed together. */
const perRecordRunner = batches<Params, unknown>(BATCH, async (items, ctx: NodeContext, { key }) => {
  const connected = await connectDatabase(ctx);
  const database = leavingKeys(connected, (items[0] as Item<Params>).params, key);
  const options = { transaction: database.dialect.savepoints, signal: ctx.signal };
  const outcomes = await database.session(options, async (session) => {
    const made: Outcome[] = [];
    for (const { params: own } of items) {
      ctx.signal.throwIfAborted();
      try {
        made.push(await session.attempt(() => execute(session, database.dialect, own.sql, own.values)));
      } catch (error) {
        if (!isRecordFault(error)) throw error;
        made.push(reportOf(error));
      }
    }
    return made;
  });
  return outcomes.map(itemResult);
});

/** Rows that the statements of one record changed, or why the database refused them. */
type Outcome = number | ErrorReport;

function itemResult(outcome: Outcome): ItemResult {
  return typeof outcome === 'number' ? { record: { affected: outcome } } : { error: errorFrom(outcome) };
}

/** What a call gives, as each way of running makes it. */
function resultOf(kept: unknown, call: CallInDoubt<Params>): unknown {
  const { perRecord, transaction } = call.stepParams();
  return perRecord && !transaction ? (kept as Outcome[]).map(itemResult) : kept;
}

async function runAllOrNothing(io: StepIO<Params>): Promise<void> {
  const input = io.input();
  const { keyTable } = io.stepParams();
  const affected = await io.call({ start: 0, count: input.count }, async (key) => {
    const database = leavingKeys(await connectDatabase(io.ctx), { keyTable }, key);
    return database.session({ transaction: true, signal: io.ctx.signal }, async (session) => {
      const counts: number[] = [];
      for await (const { records, start } of input.batches()) {
        for (const [i, record] of records.entries()) {
          const own = io.params(record, start + i);
          counts.push(await execute(session, database.dialect, own.sql, own.values));
        }
        io.ctx.progress(start + records.length, input.count);
      }
      return counts;
    });
  });
  const counts = affected ?? new Array<null>(input.count).fill(null);
  await io.emit(
    'records',
    counts.map((count) => ({ affected: count })),
    { from: origin(input.slot, 0) },
  );
}

async function execute(session: Session, dialect: Dialect, sql: string, values: DataRecord): Promise<number> {
  let affected = 0;
  for (const statement of splitStatements(sql, dialect.lexis)) {
    affected += await session.run(bindNamed(statement, values, dialect.lexis));
  }
  return affected;
}
