import type { DataRecord } from './record.ts';

/** Values of one field, row by row, never undefined; finite numbers may come as a `Float64Array`. */
export type Column = Float64Array | readonly unknown[];

/** A column that is not there yet. */
interface Pending {
  read(): Column;
  /** A value of it, without the others. */
  valueAt(row: number): unknown;
}

type Cell = Column | Pending;

/** A column that is made as a whole, when anything of it is read. */
export function pendingColumn(make: () => Column): Cell {
  let made: Column | undefined;
  const read = () => {
    made ??= make();
    return made;
  };
  return { read, valueAt: (row) => read()[row] };
}

/** How many times as many rows as it has itself a batch may keep in memory for what it has not read yet. */
const SPARE = 4;

/**
 * Records as columns: all have the same fields in the same order. Steps that work on whole columns never make the records, and they are
 * made when somebody asks for them.
 */
export class Columns {
  readonly count: number;
  readonly names: readonly string[];
  readonly #cells: Cell[];
  /** Rows, its own included, that stay in memory for as long as some of its columns are pending. */
  #behind: number;
  #records: readonly DataRecord[] | undefined;

  /** @param names as `areNames` admits them. */
  constructor(count: number, names: readonly string[], cells: readonly Cell[], behind = count) {
    this.count = count;
    this.names = names;
    this.#cells = [...cells];
    this.#behind = behind;
  }

  /** Values of a field; `undefined` where the records have no such field. */
  column(name: string): Column | undefined {
    const at = this.names.indexOf(name);
    return at < 0 ? undefined : this.#columnAt(at);
  }

  #columnAt(at: number): Column {
    const cell = this.#cells[at] as Cell;
    if (!isPending(cell)) return cell;
    const column = cell.read();
    this.#cells[at] = column;
    return column;
  }

  /** A value of a field, for which the column is not read where it is pending. */
  valueAt(name: string, row: number): unknown {
    return this.#valueAt(this.names.indexOf(name), row);
  }

  #valueAt(at: number, row: number): unknown {
    const cell = this.#cells[at];
    return cell && isPending(cell) ? cell.valueAt(row) : cell?.[row];
  }

  /** For whoever keeps it: reads what is pending where this keeps many more rows in memory than there are here. */
  detach(): void {
    if (this.#behind <= this.count * SPARE) return;
    for (let at = 0; at < this.names.length; at++) this.#columnAt(at);
    this.#behind = this.count;
  }

  /** Always the same list, as if the records had been there from the start. */
  get records(): readonly DataRecord[] {
    this.#records ??= this.#makeRecords();
    return this.#records;
  }

  #makeRecords(): readonly DataRecord[] {
    const { names } = this;
    const columns = names.map((_, at) => this.#columnAt(at));
    // A copy has its shape from the start, which is much faster than an object that grows field by field.
    const empty: DataRecord = {};
    for (const name of names) empty[name] = null;
    return Array.from({ length: this.count }, (_, row) => {
      const record = { ...empty };
      for (let c = 0; c < names.length; c++) record[names[c] as string] = (columns[c] as Column)[row];
      return record;
    });
  }

  hasNamesOf({ names }: Columns): boolean {
    const mine = this.names;
    return names === mine || (names.length === mine.length && names.every((name, i) => name === mine[i]));
  }

  /** Those of some rows, in the order of `rows`. */
  pick(rows: Uint32Array): Columns {
    const cells = this.names.map((_, at) => ({
      read: () => picked(this.#columnAt(at), rows),
      valueAt: (row: number) => this.#valueAt(at, rows[row] as number),
    }));
    return new Columns(rows.length, this.names, cells, this.#behind);
  }

  slice(from: number, to: number): Columns {
    if (from === 0 && to === this.count) return this;
    const cells = this.names.map((_, at) => ({
      read: () => stretchOf(this.#columnAt(at), from, to),
      valueAt: (row: number) => this.#valueAt(at, from + row),
    }));
    return new Columns(to - from, this.names, cells, this.#behind);
  }

  /** The same with these fields set, each in its place where the records have it, else behind those that they have. */
  with(names: readonly string[], columns: readonly Cell[]): Columns {
    const all = [...this.names];
    const cells: Cell[] = all.map((_, at) => ({
      read: () => this.#columnAt(at),
      valueAt: (row) => this.#valueAt(at, row),
    }));
    names.forEach((name, i) => {
      let at = all.indexOf(name);
      if (at < 0) at = all.push(name) - 1;
      cells[at] = columns[i] as Cell;
    });
    return new Columns(this.count, all, cells, this.#behind);
  }

  /** `undefined` where the records do not all have the same fields in the same order, none of them undefined. */
  static of(records: readonly DataRecord[]): Columns | undefined {
    const names = Object.keys(records[0] ?? {});
    if (!areNames(names)) return undefined;
    const columns = names.map(() => new Array<unknown>(records.length));
    for (let row = 0; row < records.length; row++) {
      const record = records[row] as DataRecord;
      let at = 0;
      for (const name in record) {
        const value = record[name];
        if (name !== names[at] || value === undefined) return undefined;
        (columns[at++] as unknown[])[row] = value;
      }
      if (at < names.length) return undefined;
    }
    return new Columns(records.length, names, columns.map(asNumbers));
  }

  /** Those of several one after another; `undefined` where they do not have the same fields in the same order. */
  static joined(parts: readonly Columns[]): Columns | undefined {
    const [first] = parts;
    if (first === undefined) return undefined;
    if (parts.length === 1) return first;
    if (parts.some((part) => !part.hasNamesOf(first))) return undefined;
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    const behind = parts.reduce((sum, part) => sum + part.#behind, 0);
    const cells = first.names.map((_, at) => ({
      read: () =>
        concatenated(
          count,
          parts.map((part) => part.#columnAt(at)),
        ),
      valueAt: (row: number) => Columns.#valueIn(parts, at, row),
    }));
    return new Columns(count, first.names, cells, behind);
  }

  static #valueIn(parts: readonly Columns[], at: number, row: number): unknown {
    let place = row;
    for (const part of parts) {
      if (place < part.count) return part.#valueAt(at, place);
      place -= part.count;
    }
    return undefined;
  }
}

/**
 * Whether objects can have fields of these names, and keep them in this very order: they put those that are whole numbers first.
 * `__proto__` is none that can be set.
 */
export function areNames(names: readonly string[]): boolean {
  return (
    names.length > 0 &&
    new Set(names).size === names.length &&
    names.every((name) => name !== '__proto__' && !/^\d+$/.test(name))
  );
}

export function stretchOf(column: Column, from: number, to: number): Column {
  return column instanceof Float64Array ? column.subarray(from, to) : column.slice(from, to);
}

function isPending(cell: Cell): cell is Pending {
  return 'read' in cell;
}

function asNumbers(values: readonly unknown[]): Column {
  return values.every((value) => Number.isFinite(value)) ? Float64Array.from(values as readonly number[]) : values;
}

function picked(column: Column, rows: Uint32Array): Column {
  if (column instanceof Float64Array) {
    const numbers = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) numbers[i] = column[rows[i] as number] as number;
    return numbers;
  }
  const values = new Array<unknown>(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i] as number];
  return values;
}

function concatenated(count: number, columns: readonly Column[]): Column {
  if (columns.every((column) => column instanceof Float64Array)) {
    const numbers = new Float64Array(count);
    let at = 0;
    for (const column of columns) {
      numbers.set(column as Float64Array, at);
      at += column.length;
    }
    return numbers;
  }
  return ([] as unknown[]).concat(
    ...columns.map((column) => (column instanceof Float64Array ? Array.from(column) : column)),
  );
}
