/**
 * Numbers of the outside world as record values without losing a digit: a number where JavaScript's denotes the very same decimal
 * value, the digits as text otherwise (64-bit integers beyond 2^53, long decimals, NaN and infinities).
 */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  if (!Number.isFinite(value) || text.trim() === '') return text;
  if (text.length <= 15 && !/e/i.test(text)) return value === 0 ? 0 : value;
  return sameDecimal(text, String(value)) ? value : text;
}

export function exactInteger(value: bigint): number | string {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
}

/** JSON.parse that keeps the digits of long numbers, and of those too large or too small for a number. Throws SyntaxError as JSON.parse does. */
export function parseExactJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? (JSON.parse as ParseWithSource)(text, keepDigits) : JSON.parse(text);
}

/** Numbers that may be more than JavaScript's hold: by their length, or by their exponent. */
const LONG_NUMBER = /[\d.eE+-]{16}|\d[eE][+-]?\d{3}/;

type ParseWithSource = (
  text: string,
  reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  return typeof value === 'number' && source !== undefined ? exactNumber(source) : value;
}

function sameDecimal(a: string, b: string): boolean {
  const one = decimalOf(a);
  const other = decimalOf(b);
  return one.digits === other.digits && one.exponent === other.exponent && one.negative === other.negative;
}

/** Canonical form: digits without leading or trailing zeros, times a power of ten. */
function decimalOf(text: string): { negative: boolean; digits: string; exponent: number } {
  const [mantissa = '', exponent = '0'] = text.trim().toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { negative: false, digits: '', exponent: 0 };
  return {
    negative: mantissa.startsWith('-'),
    digits,
    exponent: Number(exponent) - fraction.length + (all.length - digits.length),
  };
}
