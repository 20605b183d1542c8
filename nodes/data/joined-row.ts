import { type DataRecord, setOwnField } from '../../sdk/index.ts';
import type { Column } from '../../spec/workflow/columns.ts';
import type { FieldNames } from './field-names.ts';
import { ownField, type ReadField } from './read-field.ts';

/** Makes rows of one layout: the fields of the left, then those of the right that are not the same key. What is missing is null. */
interface Rows {
  both(left: DataRecord, right: DataRecord): DataRecord;
  onlyLeft(left: DataRecord): DataRecord;
  onlyRight(right: DataRecord): DataRecord;
  /** The fields that a row has of the right. */
  readonly fromRight: readonly string[];
  /** Values of these fields for rows with the right records at `places` of a list that grows no more, or with none where that is -1. */
  rightColumns(records: readonly DataRecord[], places: Int32Array): Column[];
}

/**
 * Gives the rows for a position of the left, which may see the fields of the left that are known there and all of the right. `on` are
 * the pairs of fields that agree; `prefix` goes before a field of the right whose name the left has too.
 */
export function rowMaker(
  names: { readonly left: FieldNames; readonly right: FieldNames },
  on: readonly { readonly left: string; readonly right: string }[],
  prefix: string,
): (position: number) => Rows {
  const known: Rows[] = [];
  return (position) => {
    const count = names.left.countAt(position);
    known[count] ??= rowsOf(names.left, names.left.all.slice(0, count), names.right.all, on, prefix);
    return known[count];
  };
}

function rowsOf(
  known: FieldNames,
  left: readonly string[],
  namesOfRight: readonly string[],
  on: readonly { readonly left: string; readonly right: string }[],
  prefix: string,
): Rows {
  const taken = new Set(left);
  const sameKeys = on.filter((pair) => pair.left === pair.right && taken.has(pair.left)).map((pair) => pair.left);
  const fromRight = namesOfRight
    .filter((name) => !sameKeys.includes(name))
    .map((name) => {
      let as = taken.has(name) ? `${prefix}${name}` : name;
      while (taken.has(as)) as = `${prefix}${as}`;
      taken.add(as);
      return { read: ownField(name), as };
    });
  const fromLeft = left.map((name) => ({ read: ownField(name), as: name }));
  const startRow = (record: DataRecord): DataRecord => {
    // A copy is much faster than an object that grows field by field, and nearly all records have all fields in the usual order.
    if (known.areAlike || hasJust(record, left)) return { ...record };
    const row: DataRecord = {};
    for (const { read, as } of fromLeft) setOwnField(row, as, read(record) ?? null);
    return row;
  };
  const addRight = (row: DataRecord, record: DataRecord): DataRecord => {
    for (let i = 0; i < fromRight.length; i++) {
      const { read, as } = fromRight[i] as (typeof fromRight)[number];
      setOwnField(row, as, read(record) ?? null);
    }
    return row;
  };
  let right: { readonly records: readonly DataRecord[]; readonly columns: readonly Column[] } | undefined;
  return {
    fromRight: fromRight.map(({ as }) => as),
    both: (leftRecord, rightRecord) => addRight(startRow(leftRecord), rightRecord),
    onlyLeft: (record) => addRight(startRow(record), {}),
    rightColumns: (records, places) => {
      if (right?.records !== records)
        right = { records, columns: fromRight.map(({ read }) => columnOf(records, read)) };
      return right.columns.map((column) => valuesAt(column, places));
    },
    onlyRight: (record) => {
      const row: DataRecord = {};
      for (const name of left) setOwnField(row, name, null);
      for (const name of sameKeys) setOwnField(row, name, ownField(name)(record) ?? null);
      return addRight(row, record);
    },
  };
}

function columnOf(records: readonly DataRecord[], read: ReadField): Column {
  return records.map((record) => read(record) ?? null);
}

function valuesAt(column: Column, places: Int32Array): unknown[] {
  const values = new Array<unknown>(places.length);
  for (let i = 0; i < places.length; i++) {
    const place = places[i] as number;
    values[i] = place < 0 ? null : column[place];
  }
  return values;
}

function hasJust(record: DataRecord, names: readonly string[]): boolean {
  let i = 0;
  for (const name in record) if (name !== names[i++]) return false;
  return i === names.length;
}
