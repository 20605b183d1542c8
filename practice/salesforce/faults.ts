import { RecordError } from './errors.ts';

/** What can be made to go wrong. Everything is off (zero, false, empty) until asked for. */
export interface SalesforceFaults {
  /** Milliseconds that every answer waits. */
  slowMs: number;
  /** Answer the next `count` data requests with `status` and do nothing. */
  failNext: { count: number; status: 500 | 503 };
  /** Do what the next this many writes ask, then cut the connection instead of answering: the outcome is uncertain. */
  dropAfterEffect: number;
  /** Refuse every data request with REQUEST_LIMIT_EXCEEDED. */
  requestLimitReached: boolean;
  /**
   * Records whose writes fail with UNABLE_TO_LOCK_ROW: these ids, or every n-th row written (`every: 1` is each row).
   * `times` counts down and ends the fault at zero; null never ends.
   */
  lockRows: { ids: string[]; every: number; times: number | null };
}

function noFaults(): SalesforceFaults {
  return {
    slowMs: 0,
    failNext: { count: 0, status: 500 },
    dropAfterEffect: 0,
    requestLimitReached: false,
    lockRows: { ids: [], every: 0, times: null },
  };
}

/** Holds the faults and the count of rows that `lockRows.every` goes by. */
export class FaultState {
  settings: SalesforceFaults = noFaults();
  #rows = 0;

  set(changes: Partial<SalesforceFaults>): void {
    this.settings = { ...this.settings, ...changes };
  }

  clear(): void {
    this.settings = noFaults();
    this.#rows = 0;
  }

  /** @throws RecordError UNABLE_TO_LOCK_ROW where this row is to fail */
  lockRow(id: string | undefined): void {
    const { ids, every, times } = this.settings.lockRows;
    if (times === 0 || (every <= 0 && ids.length === 0)) return;
    this.#rows++;
    const byId = id !== undefined && ids.some((locked) => id.startsWith(locked.slice(0, 15)));
    const byCount = every > 0 && this.#rows % every === 0;
    if (!byId && !byCount) return;
    if (times !== null) this.settings.lockRows.times = times - 1;
    throw new RecordError(
      'UNABLE_TO_LOCK_ROW',
      `unable to obtain exclusive access to this record or 1 records: ${id ?? 'new record'}`,
    );
  }

  /** The status that the next data request is to fail with, once. */
  takeFailure(): 500 | 503 | undefined {
    const { failNext } = this.settings;
    if (failNext.count <= 0) return undefined;
    this.settings.failNext = { ...failNext, count: failNext.count - 1 };
    return failNext.status;
  }

  /** True where the answer to this write is to be lost, once. */
  takeDrop(): boolean {
    if (this.settings.dropAfterEffect <= 0) return false;
    this.settings.dropAfterEffect--;
    return true;
  }
}
