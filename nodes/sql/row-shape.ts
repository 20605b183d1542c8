import type { DataRecord } from '../../sdk/index.ts';
import type { Column } from './dialects/dialect.ts';

/** What all rows with the same fields, or the same columns, have in common. */
export interface RowShape {
  /** In the order of the table. */
  readonly columns: readonly Column[];
  /** The field that each column takes its value from. */
  readonly fields: readonly string[];
  /** Places of the key's columns among the columns; -1 for one that is not there. */
  readonly key: readonly number[];
}

/** Finds the shape of each row; quick where rows resemble the one before. */
export class RowShapes {
  readonly #columns: readonly Column[];
  readonly #key: readonly string[];
  readonly #find: (field: string) => Column | undefined;
  readonly #known = new Map<string, RowShape>();
  #last: RowShape | undefined;
  #lastFields: readonly string[] = [];

  /** `columns` and `key` are the table's; `find` gives the column that a field goes to. */
  constructor(columns: readonly Column[], key: readonly string[], find: (field: string) => Column | undefined) {
    this.#columns = columns;
    this.#key = key;
    this.#find = find;
  }

  of(row: DataRecord): RowShape {
    if (this.#last !== undefined && this.#isLikeLast(row)) return this.#last;
    const fields = Object.keys(row);
    const byColumn = new Map<string, string>();
    for (const field of fields) {
      const column = this.#find(field);
      if (column !== undefined) byColumn.set(column.name, field);
    }
    this.#last = this.#shape(byColumn);
    this.#lastFields = fields;
    return this.#last;
  }

  /** The columns of both. */
  union(a: RowShape, b: RowShape): RowShape {
    return this.#shape(new Map([...a.columns, ...b.columns].map(({ name }) => [name, name])));
  }

  #isLikeLast(row: DataRecord): boolean {
    const fields = this.#lastFields;
    let i = 0;
    for (const field in row) if (field !== fields[i++]) return false;
    return i === fields.length;
  }

  #shape(byColumn: ReadonlyMap<string, string>): RowShape {
    const columns = this.#columns.filter(({ name }) => byColumn.has(name));
    const fields = columns.map(({ name }) => byColumn.get(name) ?? name);
    const id = JSON.stringify([columns.map(({ name }) => name), fields]);
    let shape = this.#known.get(id);
    if (shape === undefined) {
      const key = this.#key.map((name) => columns.findIndex((column) => column.name === name));
      shape = { columns, fields, key };
      this.#known.set(id, shape);
    }
    return shape;
  }
}
