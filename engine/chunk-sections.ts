/** Numbers of a section begin at a multiple of this, so that they can be read where they stand. */
const ALIGNMENT = 8;

const padded = (length: number) => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

type Numbers = Uint8Array | Int8Array | Int16Array | Int32Array | Uint16Array | Uint32Array | Float64Array;

/** The sections of a chunk that is being written. */
export class Sections {
  readonly lengths: number[] = [];
  private readonly parts: Uint8Array[] = [];

  add(part: Numbers): void {
    this.lengths.push(part.byteLength);
    this.parts.push(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }

  /** All of it, after its head. */
  under(head: Uint8Array): Buffer {
    const start = padded(4 + head.length);
    const size = this.lengths.reduce((sum, length) => sum + padded(length), start);
    const whole = Buffer.alloc(size);
    whole.writeUInt32LE(head.length, 0);
    whole.set(head, 4);
    let at = start;
    for (const part of this.parts) {
      whole.set(part, at);
      at += padded(part.length);
    }
    return whole;
  }
}

type NumbersType<T extends Numbers> = {
  new (buffer: ArrayBufferLike, start: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
};

/** The bytes of a chunk that is being read: its head, then its sections one after another. */
export class Bytes {
  private readonly whole: Buffer;
  private sections: Uint8Array[] = [];

  constructor(whole: Buffer) {
    this.whole = whole.byteOffset % ALIGNMENT === 0 ? whole : Buffer.from(new Uint8Array(whole).buffer);
  }

  head(): string {
    return this.whole.toString('utf8', 4, 4 + this.whole.readUInt32LE(0));
  }

  layOut(lengths: readonly number[]): void {
    let start = padded(4 + this.whole.readUInt32LE(0));
    this.sections = lengths.map((length) => {
      const section = this.whole.subarray(start, start + length);
      start += padded(length);
      return section;
    });
  }

  fromEnd(place: number): Uint8Array {
    return this.section(this.sections.length - place);
  }

  section(at: number): Uint8Array {
    const section = this.sections[at];
    if (!section) throw new Error('A chunk of a dataset has fewer sections than its head says');
    return section;
  }

  numbers<T extends Numbers>({ buffer, byteOffset, byteLength }: Uint8Array, type: NumbersType<T>): T {
    return new type(buffer, byteOffset, byteLength / type.BYTES_PER_ELEMENT);
  }

  text({ buffer, byteOffset, byteLength }: Uint8Array, encoding: 'utf8' | 'latin1' | 'utf16le' = 'utf8'): string {
    return Buffer.from(buffer, byteOffset, byteLength).toString(encoding);
  }
}
