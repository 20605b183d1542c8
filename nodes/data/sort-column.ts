import { Breath } from '../../sdk/index.ts';
import { type MapKey, mapKey } from './exact-key.ts';
import { compareByKey, type KeyOrder } from './sort-order.ts';
import { sortedPositions } from './sorted-positions.ts';

/** Which of two positions comes first by one key, as for `sort`. */
export type ColumnOrder = (a: number, b: number) => number;

/**
 * The order of a column's values. Where these are numbers, or few different ones, each gets a rank before, since to compare two numbers
 * costs a fraction of comparing two texts.
 */
export async function columnOrder(values: readonly unknown[], key: KeyOrder): Promise<ColumnOrder> {
  const ranks = numbersOf(values, key.sign) ?? (await ranksOf(values, key));
  if (ranks === undefined) return (a, b) => compareByKey(values[a], values[b], key);
  return (a, b) => (ranks[a] as number) - (ranks[b] as number);
}

function numbersOf(values: readonly unknown[], sign: number): Float64Array | undefined {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'number') return undefined;
    numbers[i] = value * sign;
  }
  return numbers;
}

/** Undefined when so many values differ that ranks would not pay. */
async function ranksOf(values: readonly unknown[], key: KeyOrder): Promise<Float64Array | undefined> {
  const most = values.length / 8;
  const numbers = new Map<MapKey, number>();
  const different: unknown[] = [];
  const ranks = new Float64Array(values.length);
  const breath = new Breath();
  for (let i = 0; i < values.length; i++) {
    const known = mapKey(values[i]);
    let number = numbers.get(known);
    if (number === undefined) {
      number = different.length;
      if (number >= most) return undefined;
      numbers.set(known, number);
      different.push(values[i]);
    }
    ranks[i] = number;
    if (breath.due()) await breath.pause();
  }
  const order = await sortedPositions(different.length, (a, b) => compareByKey(different[a], different[b], key));
  const rankOf = new Float64Array(different.length);
  for (let rank = 0; rank < order.length; rank++) rankOf[order[rank] as number] = rank;
  for (let i = 0; i < ranks.length; i++) ranks[i] = rankOf[ranks[i] as number] as number;
  return ranks;
}
