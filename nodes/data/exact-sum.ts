import { exactInteger, exactNumber } from '../../sdk/index.ts';

const DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/;

/** Whether a text is a number, written with a point and without separators, such as "-12.50" or "1e6". */
export function isDecimal(text: string): boolean {
  return decimalIn(text) !== undefined;
}

function decimalIn(text: string): { negative: boolean; whole: string; fraction: string; exponent: number } | undefined {
  if (text.length > 400) return undefined;
  const [found, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (found === undefined || whole + fraction === '') return undefined;
  return { negative: sign === '-', whole, fraction, exponent: Number(exponent) };
}

/** A sum as plain JSON, to go on from. */
export interface ExactSumState {
  readonly small: number;
  /** Digits. */
  readonly large: string;
  readonly scale: number;
  readonly rounded: boolean;
  readonly spelled: boolean;
}

/**
 * A sum that loses no digit: 0.1 + 0.2 is 0.3, and integers may grow beyond 2^53. Texts that hold a number (as databases give for
 * long ones) count by their digits.
 */
export class ExactSum {
  /** Whole numbers as long as they fit. */
  #small: number;
  /** The rest, in units of 10^-scale. */
  #large: bigint;
  #scale: number;
  /** A fraction came as a number, which is only as exact as numbers are; a number came as text, whose digits all count. */
  #rounded: boolean;
  #spelled: boolean;

  constructor(state?: ExactSumState) {
    this.#small = state?.small ?? 0;
    this.#large = BigInt(state?.large ?? 0);
    this.#scale = state?.scale ?? 0;
    this.#rounded = state?.rounded ?? false;
    this.#spelled = state?.spelled ?? false;
  }

  state(): ExactSumState {
    return {
      small: this.#small,
      large: String(this.#large),
      scale: this.#scale,
      rounded: this.#rounded,
      spelled: this.#spelled,
    };
  }

  /** False when the value is no number; nothing is added then. */
  add(value: unknown): boolean {
    if (typeof value === 'number') {
      const sum = this.#small + value;
      if (Number.isSafeInteger(value) && Number.isSafeInteger(sum)) {
        this.#small = sum;
        return true;
      }
      this.#rounded ||= !Number.isInteger(value);
      return this.#addText(String(value));
    }
    if (typeof value !== 'string' || !this.#addText(value)) return false;
    this.#spelled = true;
    return true;
  }

  /**
   * A number where JavaScript has that very number, else the digits as text. Where fractions came as numbers only, the nearest number:
   * they carry noise of their own (0.1 * 3), and digits beyond a number's would be digits of noise. What is too large for a number is
   * given as text in any case.
   */
  value(): number | string {
    const units = this.#units();
    if (this.#rounded && !this.#spelled) return finite(decimalText(units, this.#scale));
    return this.#scale === 0 ? exactInteger(units) : exactNumber(decimalText(units, this.#scale));
  }

  /** The sum divided, to the nearest number that JavaScript has; as text where it is too large for a number. */
  dividedBy(count: number): number | string {
    const units = this.#units();
    const parts = BigInt(count);
    // More digits than a number holds, and one more that says whether any follow: so it is rounded once, and rightly.
    const shift = Math.max(0, 26 + String(parts).length - String(units).length);
    const dividend = units * 10n ** BigInt(shift);
    const follow = dividend % parts === 0n ? 0n : units < 0n ? -1n : 1n;
    return finite(`${(dividend / parts) * 10n + follow}e-${this.#scale + shift + 1}`);
  }

  #units(): bigint {
    return this.#large + BigInt(this.#small) * 10n ** BigInt(this.#scale);
  }

  #addText(text: string): boolean {
    const found = decimalIn(text);
    if (found === undefined) return false;
    const { negative, whole, fraction, exponent } = found;
    let units = BigInt(whole + fraction);
    let scale = fraction.length - exponent;
    if (scale < 0) {
      units *= 10n ** BigInt(-scale);
      scale = 0;
    }
    if (scale > this.#scale) {
      this.#large *= 10n ** BigInt(scale - this.#scale);
      this.#scale = scale;
    }
    units *= 10n ** BigInt(this.#scale - scale);
    this.#large += negative ? -units : units;
    return true;
  }
}

function finite(text: string): number | string {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

function decimalText(units: bigint, scale: number): string {
  if (scale === 0) return units.toString();
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  const whole = digits.slice(0, -scale);
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
