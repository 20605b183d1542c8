import { exactInteger, exactNumber } from '../../sdk/index.ts';

const DECIMAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/;

/**
 * A sum that loses no digit: 0.1 + 0.2 is 0.3, and integers may grow beyond 2^53. Texts that hold a number (as databases give for
 * long ones) count by their digits.
 */
export class ExactSum {
  /** Whole numbers as long as they fit. */
  #small = 0;
  /** The rest, in units of 10^-scale. */
  #large = 0n;
  #scale = 0;
  /** A fraction came as a number, which is only as exact as numbers are; a number came as text, whose digits all count. */
  #rounded = false;
  #spelled = false;

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
   * they carry noise of their own (0.1 * 3), and digits beyond a number's would be digits of noise.
   */
  value(): number | string {
    const units = this.#units();
    if (this.#rounded && !this.#spelled) return Number(decimalText(units, this.#scale));
    return this.#scale === 0 ? exactInteger(units) : exactNumber(decimalText(units, this.#scale));
  }

  /** The sum divided, to the nearest number that JavaScript has. */
  dividedBy(count: number): number {
    return Number(decimalText(this.#units(), this.#scale)) / count;
  }

  #units(): bigint {
    return this.#large + BigInt(this.#small) * 10n ** BigInt(this.#scale);
  }

  #addText(text: string): boolean {
    if (text.length > 400) return false;
    const [found, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
    if (found === undefined || whole + fraction === '') return false;
    let units = BigInt(whole + fraction);
    let scale = fraction.length - Number(exponent);
    if (scale < 0) {
      units *= 10n ** BigInt(-scale);
      scale = 0;
    }
    if (scale > this.#scale) {
      this.#large *= 10n ** BigInt(scale - this.#scale);
      this.#scale = scale;
    }
    units *= 10n ** BigInt(this.#scale - scale);
    this.#large += sign === '-' ? -units : units;
    return true;
  }
}

function decimalText(units: bigint, scale: number): string {
  if (scale === 0) return units.toString();
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  const whole = digits.slice(0, -scale);
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
