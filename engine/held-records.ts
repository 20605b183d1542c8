import { type Origin, type Origins, originAt } from '../sdk/index.ts';
import { Columns } from '../spec/workflow/columns.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { joinOrigins, sliceOrigins } from './chunk-origins.ts';

/** Consecutive records of a dataset, as records or as columns. */
export type Rows = readonly DataRecord[] | Columns;

/** Some of what a port gave, in one piece. */
export interface Stretch {
  readonly rows: Rows;
  readonly origins: Origins;
  /** The fields by which all of it differs from the records of the base that it comes from; `undefined` if that is not known of all. */
  readonly set: readonly string[] | undefined;
}

interface ColumnStretch extends Stretch {
  readonly rows: Columns;
}

/** Records that are given to a reader at once who does not say how many. */
export const BATCH = 1_000;

export function countOf(rows: Rows): number {
  return rows instanceof Columns ? rows.count : rows.length;
}

/** What a port has given and what has not been sent on its way: batches of columns for as long as only such come, else records. */
export class HeldRecords {
  private records: DataRecord[] = [];
  private origins: Origins;
  /** Whether `records` is still the caller's own array, which must not be added to. */
  private shared = false;
  private set: readonly string[] | undefined;
  /** Of what came last. */
  private last: { count: number; set: readonly string[] | undefined } = { count: 0, set: undefined };
  private columns: ColumnStretch[] = [];
  private columnCount = 0;
  /** How many were cut off the front of `records`, or of the first columns: cutting them away each time would copy the rest each time. */
  private gone = 0;

  get count(): number {
    return this.columnCount > 0 ? this.columnCount : this.records.length - this.gone;
  }

  get areColumns(): boolean {
    return this.columnCount > 0;
  }

  add(records: readonly DataRecord[], origins: Origins, set: readonly string[] | undefined): void {
    if (this.columnCount > 0) this.dissolve();
    this.forgetGone();
    this.addOrigins(records.length, origins);
    const isFirst = this.records.length === 0;
    if (isFirst) this.records = records as DataRecord[];
    else if (this.shared) this.records = this.records.concat(records);
    else for (let i = 0; i < records.length; i++) this.records.push(records[i] as DataRecord);
    this.shared = isFirst;
    if (isFirst || this.set !== set) this.set = isFirst ? set : undefined;
    this.last.count = records.length;
    this.last.set = set;
  }

  addColumns(rows: Columns, origins: Origins, set: readonly string[] | undefined): void {
    const [first] = this.columns;
    const isAlike = first === undefined || first.rows.hasNamesOf(rows);
    if ((this.columnCount === 0 && this.count > 0) || !isAlike) this.add(rows.records, origins, set);
    else {
      rows.detach();
      this.columns.push({ rows, origins, set });
      this.columnCount += rows.count;
    }
  }

  private dissolve(): void {
    const stretches: ColumnStretch[] = [];
    while (this.columnCount > 0) stretches.push(this.nextColumns(this.columnCount));
    for (const { rows, origins, set } of stretches) this.add(rows.records, origins, set);
  }

  private addOrigins(count: number, origins: Origins): void {
    const held = this.records.length;
    if (held === 0) {
      this.origins = origins;
      return;
    }
    const mine = this.origins;
    if (mine === undefined && origins === undefined) return;
    if (mine && origins && 'from' in mine && 'from' in origins && mine.from + held === origins.from) return;
    // The caller's own list is not added to either.
    const list: Origin[] = Array.isArray(mine) && !this.shared ? mine : [];
    if (list !== mine) for (let i = 0; i < held; i++) list.push(originAt(mine, i) ?? []);
    for (let i = 0; i < count; i++) list.push(originAt(origins, i) ?? []);
    this.origins = list;
  }

  /** Takes about `size` records off the front, all if there are fewer; columns are not cut where they need not be. */
  cut(size: number): Stretch {
    return this.columnCount > 0 ? this.cutColumns(size) : this.cutRecords(size);
  }

  private cutRecords(size: number): Stretch {
    const { records, origins, set, gone: from } = this;
    const to = Math.min(from + size, records.length);
    this.gone = to;
    if (to === records.length) this.forgetGone();
    else if (records.length - to <= this.last.count) this.set = this.last.set;
    return { rows: records.slice(from, to), origins: sliceOrigins(origins, from, to), set };
  }

  private forgetGone(): void {
    const { records, gone } = this;
    if (gone === 0) return;
    this.records = records.slice(gone);
    this.origins = sliceOrigins(this.origins, gone, records.length);
    this.shared = false;
    this.gone = 0;
  }

  private cutColumns(size: number): Stretch {
    const parts: ColumnStretch[] = [];
    for (let count = 0; count < size && this.columnCount > 0; ) {
      const part = this.nextColumns(size);
      parts.push(part);
      count += part.rows.count;
    }
    return joined(parts);
  }

  private nextColumns(size: number): ColumnStretch {
    const { rows, origins, set } = this.columns[0] as ColumnStretch;
    const from = this.gone;
    const isLast = rows.count - from < 2 * size;
    const to = isLast ? rows.count : from + size;
    if (isLast) this.columns.shift();
    this.gone = isLast ? 0 : to;
    this.columnCount -= to - from;
    return { rows: rows.slice(from, to), origins: sliceOrigins(origins, from, to), set };
  }

  /** Some of the records from `from` on, `most` of them if that is given. */
  rowsAt(from: number, most: number | undefined): Rows {
    if (this.columnCount > 0) return this.columnsAt(from, most ?? Number.POSITIVE_INFINITY);
    const size = most ?? BATCH;
    const at = from + this.gone;
    // The array itself may still be added to.
    if (at === 0 && this.records.length <= size && this.shared) return this.records;
    return this.records.slice(at, at + size);
  }

  private columnsAt(from: number, most: number): Columns {
    let at = from + this.gone;
    for (const { rows } of this.columns) {
      if (at < rows.count) return rows.slice(at, Math.min(at + most, rows.count));
      at -= rows.count;
    }
    throw new Error(`There is no record at ${from} of ${this.count}`);
  }

  /** All of it as records, with origins as they can be written down. */
  whole(): { readonly records: readonly DataRecord[]; readonly origins: Origins } {
    if (this.columnCount > 0) this.dissolve();
    this.forgetGone();
    const { records, origins } = this;
    if (origins === undefined || !('places' in origins)) return { records, origins };
    return { records, origins: records.map((_, i) => originAt(origins, i) as Origin) };
  }
}

function joined(parts: readonly ColumnStretch[]): Stretch {
  const [first] = parts;
  const rows = Columns.joined(parts.map((part) => part.rows));
  if (!first || !rows) throw new Error('Columns of different records were held together');
  if (parts.length === 1) return first;
  const set = parts.every((part) => part.set === first.set) ? first.set : undefined;
  return { rows, origins: joinOrigins(parts.map((part) => ({ origins: part.origins, count: part.rows.count }))), set };
}
