import { exactNumber } from '../../sdk/index.ts';

export type Decimal = '.' | ',';
type ColumnType = 'number' | 'boolean' | 'date' | 'text';

/** Turns a column's text into a value; a text that does not fit stays as it is, so that nothing is lost. */
export type ReadValue = (text: string) => unknown;

/**
 * What the columns hold, from their first rows: numbers, true/false or dates such as 31.12.2026 where *every* value is one, text
 * otherwise. Values with leading zeros, a plus sign or more digits than a number keeps make the column text: they are codes. ISO dates
 * stay the text that they are. Dates with slashes stay text too, since day and month cannot be told apart.
 */
export function detectColumns(rows: readonly (readonly string[])[], count: number, decimal: Decimal): ReadValue[] {
  return Array.from({ length: count }, (_, column) => {
    const type = typeOf(
      rows.map((row) => row[column] ?? '').filter((text) => text !== ''),
      decimal,
    );
    return readers(decimal)[type];
  });
}

function typeOf(texts: readonly string[], decimal: Decimal): ColumnType {
  if (texts.length === 0) return 'text';
  if (texts.every((text) => numberIn(text, decimal) !== undefined)) return 'number';
  if (texts.every((text) => booleanIn(text) !== undefined)) return 'boolean';
  return texts.every((text) => dateIn(text) !== undefined) ? 'date' : 'text';
}

function readers(decimal: Decimal): Readonly<Record<ColumnType, ReadValue>> {
  return {
    number: (text) => numberIn(text, decimal) ?? text,
    boolean: (text) => booleanIn(text) ?? text,
    date: (text) => dateIn(text) ?? text,
    text: (text) => text,
  };
}

const PLAIN = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const GROUPED = /^-?(0|[1-9]\d{0,2}(\.\d{3})+|[1-9]\d*)(,\d+)?$/;

function numberIn(text: string, decimal: Decimal): number | undefined {
  if (decimal === ',' && !GROUPED.test(text)) return undefined;
  const plain = decimal === ',' ? text.replaceAll('.', '').replace(',', '.') : text;
  if (!PLAIN.test(plain)) return undefined;
  const number = exactNumber(plain);
  return typeof number === 'number' ? number : undefined;
}

function booleanIn(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  if (lower === 'true') return true;
  return lower === 'false' ? false : undefined;
}

function dateIn(text: string): string | undefined {
  const [found, day = '', month = '', year = ''] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  if (found === undefined) return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
}
