import type { Connection } from '@jsforce/jsforce-node/lib/core.js';
import { isRecordFault, NodeError } from '../../sdk/index.ts';
import { connect, type SalesforceContext } from './connect.ts';
import type { Row } from './row.ts';
import { recordRefused, type SalesforceProblem } from './salesforce-error.ts';

type Operation = 'create' | 'update' | 'upsert' | 'delete';

export type Outcome = { readonly id: string; readonly created: boolean } | { readonly error: NodeError };

/** Salesforce takes this many records in one collection request. */
export const MAX_ROWS = 200;

export interface Target {
  readonly operation: Operation;
  readonly object: string;
  /** Field that rows are matched on; `Id` for update and delete. */
  readonly match: string;
}

interface SaveResult {
  readonly id?: string | null;
  readonly success: boolean;
  readonly created?: boolean;
  readonly errors: readonly SalesforceProblem[];
}

/**
 * Writes up to 200 rows and gives each one's outcome, in order. Good rows are kept whatever happens to the others.
 *
 * - Rows with the same key go in one after the other, so that none is refused as a duplicate of its neighbour and the last one wins.
 * - Rows that another process has locked are tried again by themselves, a few times, before they are refused.
 * - A row that Salesforce cannot read makes it refuse the whole request: halves are sent until the row is found.
 */
export async function writeRows(ctx: SalesforceContext, target: Target, rows: readonly Row[]): Promise<Outcome[]> {
  const write = new CollectionWrite(ctx, await connect(ctx), target, rows);
  for (const round of roundsByKey(rows)) await write.send(round);
  return write.outcomes;
}

/** Positions in rounds: no key twice in a round; within a round sorted by parents. */
function roundsByKey(rows: readonly Row[]): number[][] {
  const rounds: number[][] = [];
  const seen = new Map<string, number>();
  for (const [position, row] of rows.entries()) {
    const key = row.key.toLowerCase();
    const round = key === '' ? 0 : (seen.get(key) ?? 0);
    seen.set(key, round + 1);
    rounds[round] ??= [];
    rounds[round].push(position);
  }
  const parentsOf = (position: number) => rows[position]?.parents ?? '';
  return rounds.map((round) => round.sort((a, b) => compare(parentsOf(a), parentsOf(b)) || a - b));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const LOCK_TRIES = 5;
const LOCK_DELAY_MS = 500;

class CollectionWrite {
  readonly outcomes: Outcome[] = [];
  readonly #ctx: SalesforceContext;
  readonly #connection: Connection;
  readonly #target: Target;
  readonly #rows: readonly Row[];
  #written = 0;

  constructor(ctx: SalesforceContext, connection: Connection, target: Target, rows: readonly Row[]) {
    this.#ctx = ctx;
    this.#connection = connection;
    this.#target = target;
    this.#rows = rows;
  }

  async send(positions: readonly number[]): Promise<void> {
    let locked = await this.#sendOnce(positions);
    for (let attempt = 0; locked.length > 0 && attempt < LOCK_TRIES; attempt++) {
      await this.#ctx.sleep(LOCK_DELAY_MS * 2 ** attempt * (0.5 + Math.random()));
      locked = await this.#sendOnce(locked);
    }
  }

  /** Gives the positions that were locked; their outcome so far is the refusal. */
  async #sendOnce(positions: readonly number[]): Promise<number[]> {
    let results: readonly SaveResult[];
    try {
      results = await this.#request(positions.map((position) => this.#rows[position] as Row));
    } catch (error) {
      return this.#requestFailed(positions, error);
    }
    const locked: number[] = [];
    for (const [i, position] of positions.entries()) {
      const result = results[i];
      this.outcomes[position] = this.#outcomeOf(position, result);
      if (result?.success) this.#written++;
      else if (result?.errors[0]?.statusCode === 'UNABLE_TO_LOCK_ROW') locked.push(position);
    }
    return locked;
  }

  async #requestFailed(positions: readonly number[], error: unknown): Promise<number[]> {
    if (isRecordFault(error)) {
      if (positions.length === 1) {
        this.#refuse(positions, error as NodeError);
        return [];
      }
      const middle = positions.length >> 1;
      const locked = await this.#sendOnce(positions.slice(0, middle));
      return [...locked, ...(await this.#sendOnce(positions.slice(middle)))];
    }
    // Failing now would have the records that are in already created again; the others say what happened to them.
    if (this.#target.operation !== 'create' || this.#written === 0 || !(error instanceof NodeError)) throw error;
    this.#refuse(positions, error);
    return [];
  }

  #refuse(positions: readonly number[], error: NodeError): void {
    const { code, message, remedy, field, details } = error;
    for (const position of positions) {
      this.outcomes[position] = {
        error: new NodeError({ class: 'bad-data', code, message, remedy, field, details, cause: error }),
      };
    }
  }

  #outcomeOf(position: number, result: SaveResult | undefined): Outcome {
    const { operation } = this.#target;
    if (result?.success && typeof result.id === 'string') {
      return { id: result.id, created: result.created ?? operation === 'create' };
    }
    const errors = result?.errors ?? [];
    // A delete that is done again after a crash finds its work done.
    if (operation === 'delete' && errors[0]?.statusCode === 'ENTITY_IS_DELETED') {
      return { id: this.#rows[position]?.key ?? '', created: false };
    }
    return { error: recordRefused(errors) };
  }

  #request(rows: readonly Row[]): Promise<readonly SaveResult[]> {
    const { operation, object, match } = this.#target;
    if (operation === 'delete') {
      return this.#connection.requestDelete(`/composite/sobjects?allOrNone=false&ids=${rows.map((row) => row.key)}`);
    }
    const attributes = { type: object };
    const body = { allOrNone: false, records: rows.map((row) => ({ attributes, ...row.body })) };
    if (operation === 'create') return this.#connection.requestPost('/composite/sobjects', body);
    if (operation === 'update') return this.#connection.requestPatch('/composite/sobjects', body);
    return this.#connection.requestPatch(`/composite/sobjects/${object}/${match}`, body);
  }
}
