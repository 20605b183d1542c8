import { NodeError } from '../../../sdk/index.ts';
import { type FaultCode, fault } from './fault.ts';

/** DuckDB tells its failures apart by the first words of the message, such as "Constraint Error: ...". */
const byKind: readonly (readonly [kind: RegExp, code: FaultCode])[] = [
  [/^Constraint Error: (Duplicate key|PRIMARY KEY or UNIQUE|Violates)/i, 'sql-duplicate'],
  [/^Constraint Error: .*violates (primary key|unique)/i, 'sql-duplicate'],
  [/^Constraint Error/, 'sql-constraint'],
  [/^(Conversion|Out of Range|Invalid type|Mismatch Type) Error/, 'sql-value'],
  [
    /^Binder Error: The specified columns as conflict target|^Binder Error: There are no UNIQUE\/PRIMARY KEY/,
    'sql-key-not-unique',
  ],
  [/^Binder Error.*(Referenced column|does not have a column)/, 'sql-column-missing'],
  [/^Catalog Error: Table with name .* does not exist/, 'sql-table-missing'],
  [/^Parser Error/, 'sql-syntax'],
  [/read-only mode/, 'sql-read-only'],
  [/^Permission Error: .*disabled by configuration/, 'sql-outside'],
  [/^Permission Error/, 'sql-not-allowed'],
  [/Cannot prepare multiple statements/, 'sql-several'],
  [/^TransactionContext Error: .*(conflict|Failed to commit)/i, 'sql-conflict'],
  [/^Transaction Error|Conflict on/, 'sql-conflict'],
  [/Could not set lock|Conflicting lock|being used by another process/, 'sql-busy'],
  [/^IO Error/, 'sql-connection'],
  [/^Out of Memory Error/, 'sql-busy'],
];

export function duckdbFault(error: unknown): NodeError {
  if (error instanceof NodeError) return error;
  const message = (error instanceof Error ? error.message : String(error)).replace(
    /^Failed to extract statements: /,
    '',
  );
  const code = byKind.find(([kind]) => kind.test(message))?.[1] ?? 'sql-refused';
  const place = /LINE (\d+): (.*)\n( *)\^/.exec(message);
  const words = message.replace(/^[A-Za-z ]+ Error: /, '').split('\n\nLINE')[0] ?? message;
  return fault('DuckDB', code, {
    words: place === null ? words : `${words.trim()} (line ${place[1]})`,
    field: /(?:Duplicate key "([^:"]+):|failed: [^.]+\.(\S+)|[Cc]olumn "([^"]+)")/
      .exec(message)
      ?.slice(1)
      .find(Boolean),
    details: { message },
    cause: error,
  });
}
