import { ExpressionError } from '../expression-error.ts';
import { setField, toText } from '../leave.ts';
import { lessThan } from '../operators.ts';
import type { Run } from '../run.ts';
import { kindOf, Lambda, type PlainObject } from '../values.ts';
import { isMissing, keyOf, listOf, needs, numberOf, selectorOf, wholeOf } from './arguments.ts';

/** What functions and methods of lists share. Lists are never changed; each result is new. */

export function mapList(
  run: Run,
  list: readonly unknown[],
  each: (item: unknown, index: number) => unknown,
): unknown[] {
  run.allocate(list.length * 8);
  const result: unknown[] = [];
  for (let i = 0; i < list.length; i++) result.push(each(list[i], i));
  return result;
}

export function uniqueOf(run: Run, list: readonly unknown[], by: unknown, who: string): unknown[] {
  const select = selectorOf(run, by, who);
  const seen = new Set<unknown>();
  run.allocate(list.length * 16);
  return list.filter((item) => {
    const key = keyOf(run, select(item));
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export function sumOf(numbers: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const number of numbers) {
    const next = sum + number;
    lost += Math.abs(sum) >= Math.abs(number) ? sum - next + number : number - next + sum;
    sum = next;
  }
  return Number.isFinite(lost) ? sum + lost : sum;
}

export function averageOf(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : sumOf(numbers) / numbers.length;
}

export function medianOf(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[middle - 1];
  return sorted.length % 2 === 1 || upper === undefined || lower === undefined ? upper : (lower + upper) / 2;
}

/** Cuts into lists of a size; a last one may be shorter. */
export function chunksOf(run: Run, list: readonly unknown[], size: unknown): unknown[][] {
  const length = wholeOf(size, 'chunk', 1);
  if (length < 1) throw needs('chunk', 'a size of at least 1', size, 'Give a size such as 100.');
  run.allocate(list.length * 8 + Math.ceil(list.length / length) * 32);
  const chunks: unknown[][] = [];
  for (let from = 0; from < list.length; from += length) chunks.push(list.slice(from, from + length));
  return chunks;
}

export function flattenList(run: Run, list: readonly unknown[], depth: number): unknown[] {
  const flat: unknown[] = [];
  flattenInto(run, flat, list, Math.min(depth, 100));
  return flat;
}

function flattenInto(run: Run, target: unknown[], list: readonly unknown[], depth: number): void {
  run.allocate(list.length * 8);
  for (const item of list) {
    if (Array.isArray(item) && depth > 0) flattenInto(run, target, item, depth - 1);
    else target.push(item);
  }
}

/** Groups as an object; the key of each group is the text of what the selector gives. */
export function groupsOf(run: Run, list: readonly unknown[], by: unknown, who: string): Record<string, unknown[]> {
  const select = selectorOf(run, by, who);
  const groups = new Map<string, unknown[]>();
  run.allocate(list.length * 8);
  for (const item of list) {
    const key = toText(run, select(item));
    const group = groups.get(key);
    if (group) group.push(item);
    else {
      run.allocate(key.length + 32);
      groups.set(key, [item]);
    }
  }
  const result: PlainObject = {};
  for (const [key, group] of groups) setField(result, key, group);
  return result as Record<string, unknown[]>;
}

export function mapFields(object: PlainObject, each: (value: unknown) => unknown): PlainObject {
  const result: PlainObject = {};
  for (const name of Object.keys(object)) setField(result, name, each(object[name]));
  return result;
}

/** Order of people's data: missing values last, numbers before texts, texts by alphabet without regard to case. */
function compareValues(run: Run, a: unknown, b: unknown): number {
  run.spend(10);
  if (isMissing(a) || isMissing(b)) return Number(isMissing(a)) - Number(isMissing(b));
  const kindA = kindOf(a);
  const kindB = kindOf(b);
  if (kindA === 'text' && kindB === 'text') return compareTexts(run, a as string, b as string);
  if (kindA === kindB && ['number', 'date', 'boolean', 'duration'].includes(kindA)) {
    return lessThan(run, a, b) ? -1 : lessThan(run, b, a) ? 1 : 0;
  }
  const rank = ['boolean', 'number', 'date', 'duration', 'text', 'object', 'list'];
  return rank.indexOf(kindA) - rank.indexOf(kindB);
}

/** Made at its first use, since the data of alphabets takes milliseconds to load. */
let collator: Intl.Collator | undefined;

function compareTexts(run: Run, a: string, b: string): number {
  run.spend(20 + (Math.min(a.length, b.length) >> 1));
  collator ??= new Intl.Collator('en', { sensitivity: 'variant', numeric: false, caseFirst: 'false' });
  return collator.compare(a, b);
}

export function sortList(run: Run, list: readonly unknown[], by: unknown, order: unknown, who: string): unknown[] {
  const descending = isDescending(order, who);
  const select = selectorOf(run, by, who);
  const keyed = mapList(run, list, (item) => ({ item, key: select(item) })) as { item: unknown; key: unknown }[];
  run.allocate(list.length * 24);
  keyed.sort((a, b) => {
    if (descending && !isMissing(a.key) && !isMissing(b.key)) return compareValues(run, b.key, a.key);
    return compareValues(run, a.key, b.key);
  });
  return keyed.map(({ item }) => item);
}

function isDescending(order: unknown, who: string): boolean {
  if (isMissing(order) || order === 'asc' || order === 'ascending') return false;
  if (order === 'desc' || order === 'descending') return true;
  throw new ExpressionError('bad-value', `${who} does not know this order.`, "Write 'asc' or 'desc'.");
}

/** JavaScript's `sort`: by text without a comparator, else by the sign of its result. */
export function sortBy(run: Run, list: readonly unknown[], comparator: unknown): unknown[] {
  run.allocate(list.length * 8);
  if (comparator instanceof Lambda) {
    return [...list].sort((a, b) => numberOf(comparator.call(run, [a, b]), 'sort') ?? 0);
  }
  if (list.every((item) => typeof item === 'number' || isMissing(item)))
    return sortList(run, list, undefined, 'asc', 'sort');
  const keyed = list.map((item) => ({ item, text: toText(run, item) }));
  keyed.sort((a, b) => {
    if (isMissing(a.item) || isMissing(b.item)) return Number(isMissing(a.item)) - Number(isMissing(b.item));
    return lessThan(run, a.text, b.text) ? -1 : lessThan(run, b.text, a.text) ? 1 : 0;
  });
  return keyed.map(({ item }) => item);
}

/** Entries of one list by whether another list has them. */
export function inOther(run: Run, list: readonly unknown[], other: unknown, wanted: boolean, who: string): unknown[] {
  const keys = new Set(mapList(run, listOf(other, who), (item) => keyOf(run, item)));
  return uniqueOf(run, list, undefined, who).filter((item) => keys.has(keyOf(run, item)) === wanted);
}

export function rangeOf(run: Run, from: unknown, to: unknown, step: unknown): number[] {
  const first = to === undefined ? 0 : (numberOf(from, 'range') ?? 0);
  const end = (to === undefined ? numberOf(from, 'range') : numberOf(to, 'range')) ?? 0;
  const by = numberOf(step, 'range') ?? (end < first ? -1 : 1);
  if (by === 0) throw needs('range', 'a step other than 0', step, 'Leave the step out, or give 1 or -1.');
  const count = Math.max(0, Math.ceil((end - first) / by));
  run.allocate(count * 8);
  return Array.from({ length: count }, (_, i) => first + i * by);
}
