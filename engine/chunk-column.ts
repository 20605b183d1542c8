import type { Column } from '../spec/workflow/columns.ts';
import type { Bytes, Sections } from './chunk-sections.ts';

/** How the values of one field of a chunk are written. */
export interface ColumnHead {
  readonly name: string;
  readonly kind: 'constant' | 'choice' | 'int8' | 'int16' | 'int32' | 'number' | 'boolean' | 'text' | 'json';
  /** Of a constant. */
  readonly value?: unknown;
  /** Of a choice among few texts and null: the section has the place of each value here, one byte each. */
  readonly choices?: readonly (string | null)[];
  /** A section before the values says which rows are null, one byte each. */
  readonly nulls?: true;
  /** Of a text: the type of its lengths, and how its characters are written. */
  readonly lengths?: 'uint8' | 'uint16' | 'uint32';
  readonly encoding?: 'utf8' | 'latin1' | 'utf16le';
}

const NULL = 1;
const INTEGER = 2;
const FRACTION = 4;
const TEXT = 8;
const BOOLEAN = 16;
const OTHER = 32;

export function encodeColumn(name: string, values: Column, sections: Sections): ColumnHead {
  const { seen, same, least, most } = values instanceof Float64Array ? surveyNumbers(values) : survey(values);
  if (same) return { name, kind: 'constant', value: values[0] };
  const hasNulls = (seen & NULL) !== 0;
  const nulls = hasNulls ? ({ nulls: true } as const) : {};
  const rows = values.length;
  switch (seen & ~NULL) {
    case INTEGER: {
      if (hasNulls) addNulls(values, sections);
      const kind = least >= -128 && most <= 127 ? 'int8' : least >= -32768 && most <= 32767 ? 'int16' : 'int32';
      sections.add(fill(new integers[kind](rows), values));
      return { name, kind, ...nulls };
    }
    case FRACTION:
    case INTEGER | FRACTION:
      if (hasNulls) addNulls(values, sections);
      sections.add(fill(new Float64Array(rows), values));
      return { name, kind: 'number', ...nulls };
    case BOOLEAN:
      if (hasNulls) addNulls(values, sections);
      sections.add(fill(new Uint8Array(rows), values));
      return { name, kind: 'boolean', ...nulls };
    case TEXT: {
      const choice = choiceOf(values);
      if (choice !== undefined) {
        sections.add(choice.places);
        return { name, kind: 'choice', choices: choice.choices };
      }
      if (hasNulls) addNulls(values, sections);
      return { name, kind: 'text', ...nulls, ...addTexts(values, hasNulls, sections) };
    }
    default:
      sections.add(Buffer.from(JSON.stringify(values)));
      return { name, kind: 'json' };
  }
}

interface Survey {
  /** The kinds of values there are, as bits. */
  readonly seen: number;
  /** One value, not an object, in all rows. */
  readonly same: boolean;
  readonly least: number;
  readonly most: number;
}

function survey(values: readonly unknown[]): Survey {
  const first = values[0];
  let seen = 0;
  let same = true;
  let least = 0;
  let most = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    // Two texts are compared letter by letter: not once more than needed.
    if (same && value !== first) same = false;
    if (typeof value === 'number') {
      if ((value | 0) === value) {
        seen |= INTEGER;
        if (value < least) least = value;
        else if (value > most) most = value;
      } else seen |= Number.isFinite(value) ? FRACTION : OTHER;
    } else if (typeof value === 'string') seen |= TEXT;
    else if (value === null) seen |= NULL;
    else seen |= typeof value === 'boolean' ? BOOLEAN : OTHER;
  }
  return { seen, same: same && (seen & OTHER) === 0, least, most };
}

/** The same where all are finite numbers. */
function surveyNumbers(values: Float64Array): Survey {
  const first = values[0];
  let isSame = true;
  let areIntegers = true;
  let least = 0;
  let most = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (value !== first) isSame = false;
    if ((value | 0) !== value) areIntegers = false;
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  return { seen: areIntegers ? INTEGER : FRACTION, same: isSame, least, most };
}

/** Different values of a choice, at the most. */
const CHOICES = 128;
/** Characters of a text beyond which it is not looked up. */
const LONG = 64;

/** Values that are few different short texts, or null; `undefined` where they are not. */
function choiceOf(values: Column): { places: Uint8Array; choices: (string | null)[] } | undefined {
  const most = Math.min(CHOICES, values.length >> 2);
  const places = new Uint8Array(values.length);
  const known = new Map<unknown, number>();
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as string | null;
    let place = known.get(value);
    if (place === undefined) {
      if (known.size >= most || (value !== null && value.length > LONG)) return undefined;
      place = known.size;
      known.set(value, place);
    }
    places[row] = place;
  }
  return { places, choices: [...known.keys()] as (string | null)[] };
}

function addNulls(values: Column, sections: Sections): void {
  const isNull = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) if (values[row] === null) isNull[row] = 1;
  sections.add(isNull);
}

/** Null and false become 0, true becomes 1. */
function fill<T extends Int8Array | Int16Array | Int32Array | Float64Array | Uint8Array>(into: T, values: Column): T {
  for (let row = 0; row < into.length; row++) into[row] = values[row] as number;
  return into;
}

function addTexts(
  values: Column,
  hasNulls: boolean,
  sections: Sections,
): Required<Pick<ColumnHead, 'lengths' | 'encoding'>> {
  const texts = (hasNulls ? Array.from(values, (value) => value ?? '') : values) as readonly string[];
  const rows = texts.length;
  let longest = 0;
  for (let row = 0; row < rows; row++) longest = Math.max(longest, (texts[row] as string).length);
  const lengths = longest < 256 ? 'uint8' : longest < 65536 ? 'uint16' : 'uint32';
  const counts = new lengthTypes[lengths](rows);
  for (let row = 0; row < rows; row++) counts[row] = (texts[row] as string).length;
  sections.add(counts);
  const whole = texts.join('');
  // Halves of surrogate pairs would be lost in UTF-8. Those that meet their other half at a seam are not, and are cut apart again.
  if (!whole.isWellFormed()) {
    sections.add(Buffer.from(whole, 'utf16le'));
    return { lengths, encoding: 'utf16le' };
  }
  const bytes = Buffer.from(whole);
  sections.add(bytes);
  return { lengths, encoding: bytes.length === whole.length ? 'latin1' : 'utf8' };
}

/** How many sections the values of a column take. */
export function sectionsOf({ kind, nulls }: ColumnHead): number {
  if (kind === 'constant') return 0;
  return (nulls ? 1 : 0) + (kind === 'text' ? 2 : 1);
}

/** @param at its first section. */
export function decodeColumn(head: ColumnHead, rows: number, bytes: Bytes, at: number): Column {
  if (head.kind === 'constant') return new Array<unknown>(rows).fill(head.value);
  if (head.kind === 'json') return JSON.parse(bytes.text(bytes.section(at))) as unknown[];
  if (head.kind === 'choice') return chosen(head.choices ?? [], bytes.section(at));
  if (!head.nulls) return decodeValues(head, bytes, at);
  const isNull = bytes.section(at);
  const values = decodeValues(head, bytes, at + 1);
  return Array.from(isNull, (bit, row) => (bit === 1 ? null : values[row]));
}

function chosen(choices: readonly (string | null)[], places: Uint8Array): (string | null)[] {
  const values = new Array<string | null>(places.length);
  for (let row = 0; row < places.length; row++) values[row] = choices[places[row] as number] as string | null;
  return values;
}

function decodeValues(head: ColumnHead, bytes: Bytes, at: number): Column {
  const section = bytes.section(at);
  switch (head.kind) {
    case 'int8':
    case 'int16':
    case 'int32':
      return new Float64Array(bytes.numbers<Int8Array | Int16Array | Int32Array>(section, integers[head.kind]));
    case 'number':
      return bytes.numbers(section, Float64Array);
    case 'boolean':
      return Array.from(section, (bit) => bit === 1);
    default: {
      const lengths = bytes.numbers<Uint8Array | Uint16Array | Uint32Array>(
        section,
        lengthTypes[head.lengths ?? 'uint32'],
      );
      return cut(bytes.text(bytes.section(at + 1), head.encoding), lengths);
    }
  }
}

function cut(whole: string, lengths: ArrayLike<number>): string[] {
  const texts = new Array<string>(lengths.length);
  let start = 0;
  for (let row = 0; row < lengths.length; row++) {
    const end = start + (lengths[row] as number);
    texts[row] = whole.slice(start, end);
    start = end;
  }
  return texts;
}

const integers = { int8: Int8Array, int16: Int16Array, int32: Int32Array } as const;
const lengthTypes = { uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array } as const;
