import type { Bytes, Sections } from './chunk-sections.ts';

/** How the values of one field of a chunk are written. */
export interface ColumnHead {
  readonly name: string;
  readonly kind: 'constant' | 'int8' | 'int16' | 'int32' | 'number' | 'boolean' | 'text' | 'json';
  /** Of a constant. */
  readonly value?: unknown;
  /** A section before the values says which rows are null, one byte each. */
  readonly nulls?: true;
  /** Of a text: the type of its lengths, and how its characters are written. */
  readonly lengths?: 'uint8' | 'uint16' | 'uint32';
  readonly encoding?: 'utf8' | 'latin1' | 'utf16le';
}

/** Values of one field, by row. */
export type Column = ArrayLike<unknown>;

const NULL = 1;
const INTEGER = 2;
const FRACTION = 4;
const TEXT = 8;
const BOOLEAN = 16;
const OTHER = 32;

export function encodeColumn(name: string, values: readonly unknown[], sections: Sections): ColumnHead {
  const { seen, same, least, most } = survey(values);
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
    case TEXT:
      if (hasNulls) addNulls(values, sections);
      return { name, kind: 'text', ...nulls, ...addTexts(values, hasNulls, sections) };
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

function addNulls(values: readonly unknown[], sections: Sections): void {
  const isNull = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) if (values[row] === null) isNull[row] = 1;
  sections.add(isNull);
}

/** Null and false become 0, true becomes 1. */
function fill<T extends Int8Array | Int16Array | Int32Array | Float64Array | Uint8Array>(
  into: T,
  values: readonly unknown[],
): T {
  for (let row = 0; row < into.length; row++) into[row] = values[row] as number;
  return into;
}

function addTexts(
  values: readonly unknown[],
  hasNulls: boolean,
  sections: Sections,
): Required<Pick<ColumnHead, 'lengths' | 'encoding'>> {
  const texts = (hasNulls ? values.map((value) => value ?? '') : values) as readonly string[];
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

export function decodeColumn(head: ColumnHead, rows: number, bytes: Bytes): Column {
  if (head.kind === 'constant') return new Array<unknown>(rows).fill(head.value);
  if (head.kind === 'json') return JSON.parse(bytes.text(bytes.next())) as unknown[];
  const isNull = head.nulls ? bytes.next() : undefined;
  const values = decodeValues(head, bytes);
  if (!isNull) return values;
  return Array.from({ length: rows }, (_, row) => (isNull[row] === 1 ? null : values[row]));
}

function decodeValues(head: ColumnHead, bytes: Bytes): Column {
  switch (head.kind) {
    case 'int8':
    case 'int16':
    case 'int32':
      return bytes.numbers<Int8Array | Int16Array | Int32Array>(bytes.next(), integers[head.kind]);
    case 'number':
      return bytes.numbers(bytes.next(), Float64Array);
    case 'boolean':
      return Array.from(bytes.next(), (bit) => bit === 1);
    default: {
      const lengths = bytes.numbers<Uint8Array | Uint16Array | Uint32Array>(
        bytes.next(),
        lengthTypes[head.lengths ?? 'uint32'],
      );
      return cut(bytes.text(bytes.next(), head.encoding), lengths);
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
