import type { DataRecord, Origin, Scratch, StepIO } from '../../sdk/index.ts';
import { sizeOf, sizeOfOrigin } from './record-size.ts';

const COUNT = 16;
/** What is gathered before it goes to a list. */
const RECORDS = 200;
const BYTES = 128 * 1024;

interface Part {
  readonly list: Scratch;
  records: DataRecord[];
  origins: Origin[];
  bytes: number;
}

/**
 * Records spread over scratch lists by their key, so that those with the same key meet again in one of them, in their order. At each
 * `depth` they are spread in another way: what is still too much can be spread again.
 */
export class Partitions {
  readonly #io: Pick<StepIO<unknown>, 'scratch'>;
  readonly #depth: number;
  readonly #parts = new Map<number, Part>();

  constructor(io: Pick<StepIO<unknown>, 'scratch'>, depth: number) {
    this.#io = io;
    this.#depth = depth;
  }

  /** Which list a key belongs to. */
  numberOf(key: string): number {
    let hash = 0x811c9dc5 ^ Math.imul(this.#depth + 1, 0x9e3779b1);
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) & (COUNT - 1);
  }

  has(number: number): boolean {
    return this.#parts.has(number);
  }

  async write(number: number, record: DataRecord, from: Origin): Promise<void> {
    let part = this.#parts.get(number);
    if (part === undefined) {
      part = { list: this.#io.scratch(), records: [], origins: [], bytes: 0 };
      this.#parts.set(number, part);
    }
    part.records.push(record);
    part.origins.push(from);
    part.bytes += sizeOf(record) + sizeOfOrigin(from);
    if (part.records.length >= RECORDS || part.bytes > BYTES) await flush(part);
  }

  /** The lists that hold something, by number. Ends the writing. */
  async lists(): Promise<Map<number, Scratch>> {
    for (const part of this.#parts.values()) await flush(part);
    return new Map([...this.#parts].map(([number, { list }]) => [number, list]));
  }
}

async function flush(part: Part): Promise<void> {
  if (part.records.length === 0) return;
  const { list, records, origins } = part;
  part.records = [];
  part.origins = [];
  part.bytes = 0;
  await list.write(records, origins);
}
