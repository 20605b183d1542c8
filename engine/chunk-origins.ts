import { type Origin, type Origins, originAt, PackedNumbers, unpack } from '../sdk/index.ts';
import type { Bytes, Sections } from './chunk-sections.ts';

/** One origin for each record. */
type SingleOrigins =
  | { readonly is: 'run'; readonly from: number }
  | { readonly is: 'same'; readonly origin: number }
  /** Each a little after the one before, as what is left of a filter: the steps from one to the next in a byte each. */
  | { readonly is: 'steps'; readonly from: number }
  | { readonly is: 'list'; readonly base: number; readonly wide: boolean };

/** How the origins of a chunk are written; the numbers of lists are the last sections. */
export type OriginsHead =
  | SingleOrigins
  /** A list for each record, all of one length: their first origins, their second ones and so on. */
  | { readonly is: 'tuples'; readonly places: readonly SingleOrigins[] }
  | { readonly is: 'lists' };

/** Length of lists of origins beyond which they are not kept place by place. */
const PLACES = 4;

export function encodeOrigins(origins: Origins, count: number, sections: Sections): OriginsHead | undefined {
  if (origins === undefined) return undefined;
  if ('from' in origins) return { is: 'run', from: origins.from };
  if ('places' in origins) return encodePlaces(origins.places, sections);
  const single = placeOf(origins, undefined);
  if (single) return encodeSingle(single, sections);
  const first = origins[0];
  const length = typeof first === 'object' && first.length <= PLACES ? first.length : 0;
  const places = Array.from({ length }, (_, place) => placeOf(origins, { place, length }));
  if (length > 0 && places.every((one) => one !== undefined)) return encodeTuples(places, sections);
  encodeLists(origins, count, sections);
  return { is: 'lists' };
}

function encodePlaces(places: readonly Float64Array[], sections: Sections): OriginsHead {
  const [only] = places;
  return places.length === 1 && only ? encodeSingle(only, sections) : encodeTuples(places, sections);
}

function encodeTuples(places: readonly Float64Array[], sections: Sections): OriginsHead {
  return { is: 'tuples', places: places.map((numbers) => encodeSingle(numbers, sections)) };
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
  const steps = stepsOf(numbers);
  if (steps === undefined) return { is: 'list', ...addNumbers(numbers, sections) };
  sections.add(steps);
  return { is: 'steps', from: first };
}

/** `undefined` where one is more than a byte, or goes back. */
function stepsOf(numbers: Float64Array): Uint8Array | undefined {
  const steps = new Uint8Array(numbers.length);
  for (let i = 1; i < numbers.length; i++) {
    const step = (numbers[i] as number) - (numbers[i - 1] as number);
    if (step < 0 || step > 255) return undefined;
    steps[i] = step;
  }
  return steps;
}

function numbersFrom(from: number, steps: Uint8Array): Float64Array {
  const numbers = new Float64Array(steps.length);
  let at = from;
  for (let i = 0; i < steps.length; i++) {
    at += steps[i] as number;
    numbers[i] = at;
  }
  return numbers;
}

const SINGLE = 2 ** 32 - 1;

/** A single origin comes back as a number: lists have a length, numbers none. */
function encodeLists(origins: readonly Origin[], count: number, sections: Sections): void {
  const lengths = new Uint32Array(count);
  const numbers = new PackedNumbers();
  for (let i = 0; i < count; i++) {
    const one = origins[i] ?? [];
    lengths[i] = typeof one === 'number' ? SINGLE : one.length;
    if (typeof one === 'number') numbers.push(one);
    else for (let at = 0; at < one.length; at++) numbers.push(one[at] as number);
  }
  sections.add(lengths);
  sections.add(numbers.packed);
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
  let fromEnd = places.filter(hasSection).length;
  const reads = places.map((place) => decodeSingle(place, hasSection(place) ? fromEnd-- : 0, bytes));
  return (index) => reads.map((read) => read(index));
}

const hasSection = ({ is }: SingleOrigins) => is === 'list' || is === 'steps';

/** @param fromEnd the section that its numbers are in. */
function decodeSingle(origins: SingleOrigins, fromEnd: number, bytes: Bytes): (index: number) => number {
  if (origins.is === 'run') return (index) => origins.from + index;
  if (origins.is === 'same') return () => origins.origin;
  if (origins.is === 'steps') {
    const all = numbersFrom(origins.from, bytes.fromEnd(fromEnd));
    return (index) => all[index] as number;
  }
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
  return decodeLists(bytes);
}

function decodeLists(bytes: Bytes): (index: number) => Origin {
  const lengths = bytes.numbers(bytes.fromEnd(2), Uint32Array);
  const starts = new Float64Array(lengths.length);
  let total = 0;
  for (let i = 0; i < lengths.length; i++) {
    starts[i] = total;
    total += lengths[i] === SINGLE ? 1 : (lengths[i] as number);
  }
  const numbers = unpack(bytes.fromEnd(1), new Float64Array(total));
  return (index) => {
    const from = starts[index] as number;
    if (lengths[index] === SINGLE) return numbers[from] as number;
    // Of a sum over a million records the list is that long, and `Array.from` with a function takes ten times as long.
    const list = new Array<number>(lengths[index] as number);
    for (let i = 0; i < list.length; i++) list[i] = numbers[from + i] as number;
    return list;
  };
}

export function sliceOrigins(origins: Origins, from: number, to: number): Origins {
  if (origins === undefined) return undefined;
  if ('from' in origins) return { from: origins.from + from };
  if ('places' in origins) return { places: origins.places.map((numbers) => numbers.subarray(from, to)) };
  return origins.slice(from, to);
}

/** Origins of several batches one after another. */
export function joinOrigins(parts: readonly { readonly origins: Origins; readonly count: number }[]): Origins {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  return joinedRun(parts) ?? joinedPlaces(parts, count) ?? joinedList(parts);
}

function joinedRun(parts: Parameters<typeof joinOrigins>[0]): Origins {
  const [first] = parts;
  if (!first?.origins || !('from' in first.origins)) return undefined;
  let next = first.origins.from;
  for (const { origins, count } of parts) {
    if (!origins || !('from' in origins) || origins.from !== next) return undefined;
    next += count;
  }
  return first.origins;
}

function joinedPlaces(parts: Parameters<typeof joinOrigins>[0], count: number): Origins {
  const [first] = parts;
  if (!first?.origins || !('places' in first.origins)) return undefined;
  const places = first.origins.places.map(() => new Float64Array(count));
  let at = 0;
  for (const { origins, count: own } of parts) {
    if (!origins || !('places' in origins) || origins.places.length !== places.length) return undefined;
    for (const [place, numbers] of origins.places.entries()) places[place]?.set(numbers, at);
    at += own;
  }
  return { places };
}

function joinedList(parts: Parameters<typeof joinOrigins>[0]): Origins {
  if (parts.every(({ origins }) => origins === undefined)) return undefined;
  const list: Origin[] = [];
  for (const { origins, count } of parts) for (let i = 0; i < count; i++) list.push(originAt(origins, i) ?? []);
  return list;
}
