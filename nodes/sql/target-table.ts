import { type DataRecord, NodeError } from '../../sdk/index.ts';
import type { Column, Database, NewColumn, TableName, Write } from './dialects/dialect.ts';
import { columnsFor } from './new-columns.ts';
import { RowShapes } from './row-shape.ts';
import { printTableName } from './table-name.ts';

export interface TargetOptions {
  readonly kind: Write['kind'];
  readonly table: TableName;
  readonly key: readonly string[];
  readonly createTable: boolean;
  readonly addColumns: boolean;
}

/** The table that a step writes to: its real columns, made or added where the step may. */
export class TargetTable {
  readonly #database: Database;
  readonly #options: TargetOptions;
  readonly #signal: AbortSignal;
  #columns: readonly Column[] | undefined;
  #uniqueKeys: readonly (readonly string[])[] = [];
  #shapes: RowShapes | undefined;

  constructor(database: Database, options: TargetOptions, signal: AbortSignal) {
    this.#database = database;
    this.#options = options;
    this.#signal = signal;
  }

  /** Reads the table, and makes it or adds columns for these rows where that is asked for. */
  async prepare(rows: readonly DataRecord[]): Promise<void> {
    const { table, key, createTable, addColumns, kind } = this.#options;
    const names = fieldsOf(rows);
    if (this.#columns === undefined) {
      await this.#read();
      if (this.columns.length === 0) {
        if (!createTable || kind === 'delete') throw await this.#missingTable();
        const wanted = [...key, ...names.filter((name) => !key.includes(name))];
        if (wanted.length === 0) {
          this.#columns = undefined;
          return;
        }
        await this.#change(this.#database.dialect.createTable(table, columnsFor(rows, wanted), key));
      }
      this.#checkKey();
    }
    const missing = names.filter((name) => this.find(name) === undefined);
    if (missing.length === 0) return;
    if (!addColumns || kind === 'delete') throw this.#missingColumn(missing[0] ?? '');
    for (const column of columnsFor(rows, missing)) await this.#addColumn(column);
    await this.#read();
  }

  /** The same, without changing anything: for previews. Gives whether the table is there. */
  async look(): Promise<boolean> {
    await this.#read();
    return this.columns.length > 0;
  }

  /** By exact name, else by the only one that differs in upper and lower case. */
  find(name: string): Column | undefined {
    const columns = this.#columns ?? [];
    const exact = columns.find((column) => column.name === name);
    if (exact !== undefined) return exact;
    const alike = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase());
    return alike.length === 1 ? alike[0] : undefined;
  }

  get table(): TableName {
    return this.#options.table;
  }

  get key(): readonly string[] {
    return this.#options.key.map((name) => this.find(name)?.name ?? name);
  }

  get columns(): readonly Column[] {
    return this.#columns ?? [];
  }

  /** Shapes of rows for the columns that the table has now. */
  get shapes(): RowShapes {
    this.#shapes ??= new RowShapes(this.columns, this.key, (field) => this.find(field));
    return this.#shapes;
  }

  write(columns: readonly Column[]): Write {
    const names = new Set(columns.map(({ name }) => name));
    const key = this.key;
    const mayClash = this.#uniqueKeys.some((unique) => !sameSet(unique, key) && unique.some((name) => names.has(name)));
    return { kind: this.#options.kind, table: this.#options.table, columns, key, mayClash };
  }

  async #read(): Promise<void> {
    this.#columns = await this.#database.columns(this.#options.table, this.#signal);
    this.#shapes = undefined;
    if (this.#options.kind === 'upsert')
      this.#uniqueKeys = await this.#database.uniqueKeys(this.#options.table, this.#signal);
  }

  async #change(text: string): Promise<void> {
    await this.#database.session({ transaction: false, signal: this.#signal }, (session) =>
      session.run({ text, values: [] }),
    );
    await this.#read();
  }

  /** Another run may have added the column in the meantime, which is just as good. */
  async #addColumn(column: NewColumn): Promise<void> {
    try {
      await this.#change(this.#database.dialect.addColumn(this.#options.table, column));
    } catch (error) {
      await this.#read();
      if (this.find(column.name) === undefined) throw error;
    }
  }

  #checkKey(): void {
    for (const name of this.#options.key) if (this.find(name) === undefined) throw this.#missingColumn(name);
    const { kind, table } = this.#options;
    if (kind !== 'upsert' || this.#uniqueKeys.some((unique) => sameSet(unique, this.key))) return;
    const known = this.#uniqueKeys.map((unique) => unique.join(' + '));
    throw new NodeError({
      class: 'config',
      code: 'sql-key-not-unique',
      message: `${this.key.join(' + ')} is not unique in ${printTableName(table)}, so a record may stand for several rows.`,
      remedy:
        known.length === 0
          ? `Make ${this.key.join(' + ')} the primary key of the table, or add a unique index on it.`
          : `Match on ${known.join(' or ')} instead, or add a unique index on ${this.key.join(' + ')}.`,
      field: 'Match on',
    });
  }

  async #missingTable(): Promise<NodeError> {
    const { table, kind } = this.#options;
    const tables = await this.#database.tables(this.#signal);
    const near = nearest(
      printTableName(table),
      tables.map((entry) => printTableName(entry)),
    );
    const create = kind === 'delete' ? '' : ', or turn on "Create the table if it is missing"';
    return new NodeError({
      class: 'not-found',
      code: 'sql-table-missing',
      message: `There is no table ${printTableName(table)} in this database.`,
      remedy: `${near.length === 0 ? 'Correct the table name' : `Did you mean ${near.join(' or ')}? Correct the name`}${create}.`,
      field: 'Table',
    });
  }

  #missingColumn(name: string): NodeError {
    const near = nearest(
      name,
      this.columns.map((column) => column.name),
    );
    const hint =
      near.length === 0
        ? `The table has: ${this.columns.map((column) => column.name).join(', ')}`
        : `Did you mean ${near.join(' or ')}?`;
    const add =
      this.#options.kind === 'delete' ? '' : ' Map only columns that exist, or turn on "Add missing columns".';
    return new NodeError({
      class: 'config',
      code: 'sql-column-missing',
      message: `Table ${printTableName(this.#options.table)} has no column "${name}".`,
      remedy: `${hint.endsWith('?') ? hint : `${hint}.`}${add}`,
      field: name,
    });
  }
}

function fieldsOf(rows: readonly DataRecord[]): string[] {
  const names = new Set<string>();
  // Rows mostly have the fields of the row before.
  const before: string[] = [];
  for (const row of rows) {
    let place = 0;
    for (const name in row) {
      if (before[place] !== name) names.add(name);
      before[place++] = name;
    }
  }
  return [...names];
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** Up to three names that a slip of the hand could have meant. */
function nearest(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  return names
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .filter(({ distance, candidate }) => distance <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
