import { type DataRecord, setOwnField } from '../../sdk/index.ts';
import type { FieldNames } from './field-names.ts';
import { ownField } from './read-field.ts';

/** Makes rows of one layout: the fields of the left, then those of the right that are not the same key. What is missing is null. */
interface Rows {
  both(left: DataRecord, right: DataRecord): DataRecord;
  onlyLeft(left: DataRecord): DataRecord;
  onlyRight(right: DataRecord): DataRecord;
  /** The fields that a row has of the right. */
  readonly fromRight: readonly string[];
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
  right: readonly string[],
  on: readonly { readonly left: string; readonly right: string }[],
  prefix: string,
): Rows {
  const taken = new Set(left);
  const sameKeys = on.filter((pair) => pair.left === pair.right && taken.has(pair.left)).map((pair) => pair.left);
  const fromRight = right
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
  return {
    fromRight: fromRight.map(({ as }) => as),
    both: (leftRecord, rightRecord) => addRight(startRow(leftRecord), rightRecord),
    onlyLeft: (record) => addRight(startRow(record), {}),
    onlyRight: (record) => {
      const row: DataRecord = {};
      for (const name of left) setOwnField(row, name, null);
      for (const name of sameKeys) setOwnField(row, name, ownField(name)(record) ?? null);
      return addRight(row, record);
    },
  };
}

function hasJust(record: DataRecord, names: readonly string[]): boolean {
  let i = 0;
  for (const name in record) if (name !== names[i++]) return false;
  return i === names.length;
}
