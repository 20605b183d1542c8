import type { Origin, Origins } from '../sdk/index.ts';
import type { Bytes, Sections } from './chunk-sections.ts';

/** One origin for each record. */
type SingleOrigins =
  | { readonly is: 'run'; readonly from: number }
  | { readonly is: 'same'; readonly origin: number }
  | { readonly is: 'list'; readonly base: number; readonly wide: boolean };

/** How the origins of a chunk are written; the numbers of lists are the last sections. */
export type OriginsHead =
  | SingleOrigins
  /** A list for each record, all of one length: their first origins, their second ones and so on. */
  | { readonly is: 'tuples'; readonly places: readonly SingleOrigins[] }
  | { readonly is: 'lists'; readonly base: number; readonly wide: boolean };

/** Length of lists of origins beyond which they are not kept place by place. */
const PLACES = 4;

export function encodeOrigins(origins: Origins, count: number, sections: Sections): OriginsHead | undefined {
  if (origins === undefined) return undefined;
  if ('from' in origins) return { is: 'run', from: origins.from };
  const single = placeOf(origins, undefined);
  if (single) return encodeSingle(single, sections);
  const first = origins[0];
  const length = typeof first === 'object' && first.length <= PLACES ? first.length : 0;
  const places = Array.from({ length }, (_, place) => placeOf(origins, { place, length }));
  if (length > 0 && places.every((one) => one !== undefined)) {
    return { is: 'tuples', places: places.map((numbers) => encodeSingle(numbers, sections)) };
  }
  return { is: 'lists', ...encodeLists(origins, count, sections) };
}

/** The origins at a place of lists of one length, or the only one of each record; `undefined` where they are not like that. */
function placeOf(
  origins: readonly Origin[],
  at: { place: number; length: number } | undefined,
): Float64Array | undefined {
  const numbers = new Float64Array(origins.length);
  for (let i = 0; i < numbers.length; i++) {
    const one = origins[i] as Origin;
    if (typeof one === 'number') {
      if (at) return undefined;
      numbers[i] = one;
    } else {
      if (one.length !== at?.length) return undefined;
      numbers[i] = one[at.place] as number;
    }
  }
  return numbers;
}

function encodeSingle(numbers: Float64Array, sections: Sections): SingleOrigins {
  const first = numbers[0] ?? 0;
  let isSame = true;
  let isRun = true;
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] !== first) isSame = false;
    if (numbers[i] !== first + i) isRun = false;
  }
  if (isSame) return { is: 'same', origin: first };
  if (isRun) return { is: 'run', from: first };
  return { is: 'list', ...addNumbers(numbers, sections) };
}

const SINGLE = 2 ** 32 - 1;

/** A single origin comes back as a number: lists have a length, numbers none. */
function encodeLists(origins: readonly Origin[], count: number, sections: Sections): { base: number; wide: boolean } {
  const lengths = new Uint32Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const one = origins[i] ?? [];
    lengths[i] = typeof one === 'number' ? SINGLE : one.length;
    total += typeof one === 'number' ? 1 : one.length;
  }
  sections.add(lengths);
  const numbers = new Float64Array(total);
  let at = 0;
  for (const one of origins) {
    if (typeof one === 'number') numbers[at++] = one;
    else for (let i = 0; i < one.length; i++) numbers[at++] = one[i] as number;
  }
  return addNumbers(numbers, sections);
}

/** Whole numbers as their distances from the least, in 4 bytes each where that is enough. */
function addNumbers(numbers: Float64Array, sections: Sections): { base: number; wide: boolean } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < numbers.length; i++) {
    const one = numbers[i] as number;
    if (one < least) least = one;
    if (one > most) most = one;
  }
  const base = numbers.length === 0 ? 0 : least;
  const wide = most - base >= 2 ** 32;
  const distances = wide ? new Float64Array(numbers.length) : new Uint32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) distances[i] = (numbers[i] as number) - base;
  sections.add(distances);
  return { base, wide };
}

function decodeTuples(places: readonly SingleOrigins[], bytes: Bytes): (index: number) => Origin {
  let fromEnd = places.filter(({ is }) => is === 'list').length;
  const reads = places.map((place) => decodeSingle(place, place.is === 'list' ? fromEnd-- : 0, bytes));
  return (index) => reads.map((read) => read(index));
}

/** @param fromEnd the section that a list is in. */
function decodeSingle(origins: SingleOrigins, fromEnd: number, bytes: Bytes): (index: number) => number {
  if (origins.is === 'run') return (index) => origins.from + index;
  if (origins.is === 'same') return () => origins.origin;
  const numbers = numbersFromEnd(fromEnd, origins.wide, bytes);
  const { base } = origins;
  return (index) => base + (numbers[index] as number);
}

function numbersFromEnd(fromEnd: number, wide: boolean, bytes: Bytes): Float64Array | Uint32Array {
  return bytes.numbers<Float64Array | Uint32Array>(bytes.fromEnd(fromEnd), wide ? Float64Array : Uint32Array);
}

export function decodeOrigins(origins: OriginsHead | undefined, bytes: Bytes): (index: number) => Origin | undefined {
  if (!origins) return () => undefined;
  if (origins.is === 'tuples') return decodeTuples(origins.places, bytes);
  if (origins.is !== 'lists') return decodeSingle(origins, 1, bytes);
  const { base } = origins;
  const numbers = numbersFromEnd(1, origins.wide, bytes);
  const lengths = bytes.numbers(bytes.fromEnd(2), Uint32Array);
  const starts = new Float64Array(lengths.length);
  let start = 0;
  for (let i = 0; i < lengths.length; i++) {
    starts[i] = start;
    start += lengths[i] === SINGLE ? 1 : (lengths[i] as number);
  }
  return (index) => {
    const from = starts[index] as number;
    if (lengths[index] === SINGLE) return base + (numbers[from] as number);
    // Of a sum over a million records the list is that long, and `Array.from` with a function takes ten times as long.
    const list = new Array<number>(lengths[index] as number);
    for (let i = 0; i < list.length; i++) list[i] = base + (numbers[from + i] as number);
    return list;
  };
}

export function sliceOrigins(origins: Origins, from: number, to: number): Origins {
  if (origins === undefined) return undefined;
  return 'from' in origins ? { from: origins.from + from } : origins.slice(from, to);
}
