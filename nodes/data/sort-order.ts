import { type ReadField, readField } from './read-field.ts';
import { compareValues } from './value-order.ts';

export interface SortKey {
  readonly field: string;
  readonly order: 'ascending' | 'descending';
  readonly nulls: 'first' | 'last';
}

/** One key of an order: how it is read, and which of two values comes first. What is not there is null. */
export interface KeyOrder {
  readonly read: ReadField;
  readonly compare: (x: unknown, y: unknown) => number;
}

export function keyOrder({ field, order, nulls }: SortKey): KeyOrder {
  const read = readField(field);
  const sign = order === 'ascending' ? 1 : -1;
  const ofNull = nulls === 'last' ? 1 : -1;
  return {
    read: (record) => read(record) ?? null,
    compare: (x, y) => {
      if (x === y) return 0;
      if (x === null) return ofNull;
      if (y === null) return -ofNull;
      return compareValues(x, y) * sign;
    },
  };
}
