import { type ReadField, readField } from './read-field.ts';
import { compareValues } from './value-order.ts';

export interface SortKey {
  readonly field: string;
  readonly order: 'ascending' | 'descending';
  readonly nulls: 'first' | 'last';
}

/** One key of an order, ready to compare with. */
export interface KeyOrder {
  /** What is not there is null. */
  readonly read: ReadField;
  readonly sign: number;
  /** What comparing null with something else gives. */
  readonly ofNull: number;
}

export function keyOrder({ field, order, nulls }: SortKey): KeyOrder {
  const read = readField(field);
  return {
    read: (record) => read(record) ?? null,
    sign: order === 'ascending' ? 1 : -1,
    ofNull: nulls === 'last' ? 1 : -1,
  };
}

/** Which of two values of a key comes first, as for `sort`. */
export function compareByKey(x: unknown, y: unknown, { sign, ofNull }: KeyOrder): number {
  if (x === y) return 0;
  if (x === null) return ofNull;
  if (y === null) return -ofNull;
  return compareValues(x, y) * sign;
}
