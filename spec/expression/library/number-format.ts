import { ExpressionError } from '../expression-error.ts';
import type { Run } from '../run.ts';

/** Rounds by decimal digits as written, so that 1.005 becomes 1.01; negative digits round to tens and hundreds. */
export function roundTo(value: number, digits: number, way: 'nearest' | 'up' | 'down'): number {
  if (!Number.isFinite(value)) return value;
  const quick = quickRound(value, digits, way);
  if (quick !== undefined) return quick;
  const places = Math.max(-300, Math.min(300, digits));
  const shifted = shift(Math.abs(value), places);
  if (!Number.isFinite(shifted)) return value;
  const whole = way === 'nearest' ? Math.round(shifted) : way === 'up' ? Math.ceil(shifted) : Math.floor(shifted);
  return shift(whole, -places) * (value < 0 ? -1 : 1) || 0;
}

const powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/** The common case without text: sizes at which the error of the multiplication cannot reach the nearest half. */
function quickRound(value: number, digits: number, way: 'nearest' | 'up' | 'down'): number | undefined {
  const power = powers[digits];
  if (power === undefined || way !== 'nearest') return undefined;
  const scaled = Math.abs(value) * power;
  if (!(scaled < 1e9)) return undefined;
  const whole = Math.floor(scaled);
  const part = scaled - whole;
  if (Math.abs(part - 0.5) < 1e-5) return undefined;
  const rounded = (part > 0.5 ? whole + 1 : whole) / power;
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/** Moves the decimal point in the number's own notation, where no binary error can creep in. */
function shift(value: number, places: number): number {
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

export interface NumberStyle {
  readonly locale: string;
  readonly digits?: number;
  readonly currency?: string;
}

const formats = new Map<string, Intl.NumberFormat>();
const kept = 100;

/** The number as text by the customs of a locale; formats are kept, since making one is slow. */
export function formatNumber(run: Run, value: number, style: NumberStyle): string {
  run.spend(200);
  const key = `${style.locale}|${style.digits ?? ''}|${style.currency ?? ''}`;
  let format = formats.get(key);
  if (format === undefined) {
    run.spend(10_000);
    format = makeFormat(style);
    if (formats.size >= kept) formats.clear();
    formats.set(key, format);
  }
  return format.format(value);
}

function makeFormat({ locale, digits, currency }: NumberStyle): Intl.NumberFormat {
  const options: Intl.NumberFormatOptions = currency === undefined ? {} : { style: 'currency', currency };
  if (digits !== undefined) {
    const places = Math.max(0, Math.min(20, digits));
    options.minimumFractionDigits = places;
    options.maximumFractionDigits = places;
  }
  try {
    return new Intl.NumberFormat(locale, options);
  } catch {
    throw new ExpressionError(
      'bad-value',
      currency === undefined
        ? `'${locale.slice(0, 40)}' is not a locale.`
        : `The locale '${locale.slice(0, 40)}' or the currency '${currency.slice(0, 40)}' is not known.`,
      "Use a locale such as 'en-US' or 'de-DE' and a currency such as 'EUR'.",
    );
  }
}
