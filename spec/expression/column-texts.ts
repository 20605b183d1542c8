import { type Batch, type Operand, type Part, Same, textsOf } from './column-values.ts';
import { shortText } from './operators.ts';
import type { Run } from './run.ts';

/** A text with a value and another text behind it, charged for as it is record by record. */
export type Append = (run: Run, before: string, value: string, behind: string) => string;

type Texts = Operand<readonly string[]>;

/** The texts with the values of the parts between them. */
export function joinRows(
  batch: Batch,
  texts: readonly string[],
  parts: readonly Part[],
  append: Append,
): Same | string[] {
  const { run, count } = batch;
  const given = parts.map((part) => part.values(batch));
  const [only] = given;
  if (given.length === 1 && only instanceof Float64Array) {
    const made = joinWhole(texts as readonly [string, string], only);
    if (made !== undefined) return made;
  }
  const values = given.map((one) => textsOf(run, one));
  if (values.every(({ step }) => step === 0)) return new Same(appendAll(run, 0, texts, values, append));
  const made = joinShort(count, texts, values);
  for (let row = 0; row < count; row++) {
    if ((made[row] as string).length > shortText) made[row] = appendAll(run, row, texts, values, append);
  }
  return made;
}

/** Texts around whole numbers from 0 up to `mostWhole`, by the number, for the pairs of texts that were last in use. */
const recent = new Map<string, (string | undefined)[]>();
const mostRecent = 16;
const mostWhole = 10_000;

/**
 * Texts around small whole numbers, each made once: the same few come again and again in records, and equal texts that are one cost less
 * all the way. Undefined where there are other numbers or the texts are long.
 */
function joinWhole([before, behind]: readonly [string, string], numbers: Float64Array): string[] | undefined {
  if (before.length + behind.length + 4 > shortText) return undefined;
  const known = knownTexts(before, behind);
  const made = new Array<string>(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number;
    if (!(number >= 0 && number < mostWhole && Math.floor(number) === number)) return undefined;
    let text = known[number];
    if (text === undefined) {
      text = `${before}${number}${behind}`;
      known[number] = text;
    }
    made[i] = text;
  }
  return made;
}

function knownTexts(before: string, behind: string): (string | undefined)[] {
  const key = `${before.length} ${before}${behind}`;
  const known = recent.get(key) ?? new Array<string | undefined>(mostWhole);
  recent.delete(key);
  recent.set(key, known);
  if (recent.size > mostRecent) recent.delete(recent.keys().next().value as string);
  return known;
}

function appendAll(run: Run, row: number, texts: readonly string[], values: readonly Texts[], append: Append): string {
  let text = texts[0] as string;
  for (let v = 0; v < values.length; v++) {
    const { list, step } = values[v] as Texts;
    text = append(run, text, list[row * step] as string, texts[v + 1] as string);
  }
  return text;
}

/** Short texts are charged nothing. */
function joinShort(count: number, texts: readonly string[], values: readonly Texts[]): string[] {
  const made = new Array<string>(count);
  const [before = '', between = '', after = ''] = texts;
  const [one, two] = values;
  if (values.length === 1 && one) {
    for (let i = 0; i < count; i++) made[i] = before + one.list[i] + between;
  } else if (values.length === 2 && one && two) {
    for (let i = 0, a = 0, b = 0; i < count; i++, a += one.step, b += two.step) {
      made[i] = before + one.list[a] + between + two.list[b] + after;
    }
  } else {
    made.fill(before);
    for (let v = 0; v < values.length; v++) {
      const { list, step } = values[v] as Texts;
      const behind = texts[v + 1] as string;
      for (let i = 0, at = 0; i < count; i++, at += step) made[i] += list[at] + behind;
    }
  }
  return made;
}
