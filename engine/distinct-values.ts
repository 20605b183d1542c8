/** Values counted one by one, up to so many different ones. */
const EXACT = 2000;
/** A value that makes out less than one in so many is not told as frequent where counts are lower bounds. */
const FREQUENT = 500;
/** Registers of the estimate: its error is about 1.04 / sqrt(registers), 0.8 %. */
const REGISTERS_BITS = 14;
const REGISTERS = 2 ** REGISTERS_BITS;
/** Bias correction for this many registers (Flajolet et al., 2007). */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
/** Characters of a text that tell it apart, with its length and a hash of all of it. */
const KEY = 80;

type Key = string | number | boolean;

/**
 * How many different values there are and which are the most frequent, in bounded memory: exact while there are few. Then the number is
 * estimated (HyperLogLog), and frequent values are kept with a lower bound of their count (Misra and Gries, 1982).
 */
export class DistinctValues {
  private readonly counts = new Map<Key, { count: number; shown: unknown }>();
  private registers: Uint8Array | undefined;
  private added = 0;

  /** `text`: the value as JSON, of lists and objects. */
  add(value: unknown, text?: string): void {
    this.added++;
    const key = keyOf(value, text);
    const known = this.counts.get(key);
    if (this.registers) this.note(this.registers, key);
    if (known) known.count++;
    else if (this.counts.size < EXACT) this.counts.set(key, { count: 1, shown: shownOf(value, text) });
    else {
      this.registers ??= this.begin(key);
      for (const [one, entry] of this.counts) if (--entry.count === 0) this.counts.delete(one);
    }
  }

  get isExact(): boolean {
    return this.registers === undefined;
  }

  get count(): number {
    if (!this.registers) return this.counts.size;
    let sum = 0;
    let zeros = 0;
    for (const register of this.registers) {
      sum += 2 ** -register;
      if (register === 0) zeros++;
    }
    const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
    const isSmall = raw <= 2.5 * REGISTERS && zeros > 0;
    return Math.max(EXACT, Math.round(isSmall ? REGISTERS * Math.log(REGISTERS / zeros) : raw));
  }

  top(limit: number): { value: unknown; count: number }[] {
    const found = [...this.counts.values()].sort((a, b) => b.count - a.count).slice(0, limit);
    const least = this.isExact ? 0 : this.added / FREQUENT;
    return found.filter(({ count }) => count > least).map(({ shown, count }) => ({ value: shown, count }));
  }

  private begin(first: Key): Uint8Array {
    const registers = new Uint8Array(REGISTERS);
    for (const key of this.counts.keys()) this.note(registers, key);
    this.note(registers, first);
    return registers;
  }

  private note(registers: Uint8Array, key: Key): void {
    const hash = hashOf(typeof key === 'string' ? key : `${typeof key} ${key}`);
    const register = hash >>> (32 - REGISTERS_BITS);
    const rank = Math.clz32((hash << REGISTERS_BITS) | (1 << (REGISTERS_BITS - 1))) + 1;
    if (rank > (registers[register] as number)) registers[register] = rank;
  }
}

function keyOf(value: unknown, text: string | undefined): Key {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  // Texts and what is JSON are told apart by how they begin.
  const whole = text === undefined ? `"${String(value)}` : text;
  return whole.length <= KEY ? whole : `${whole.slice(0, KEY)}${whole.length} ${hashOf(whole)} ${hashOf(whole, 7)}`;
}

function shownOf(value: unknown, text: string | undefined): unknown {
  if (text !== undefined) return text.length <= KEY ? value : cut(text);
  return typeof value === 'string' ? cut(value) : value;
}

export function cut(text: string): string {
  return text.length <= KEY ? text : `${text.slice(0, KEY)}…`;
}

/** FNV-1a, with the finish of MurmurHash 3 so that all bits count. */
function hashOf(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
