import {
  type Brake,
  type DataRecord,
  type Origin,
  type Origins,
  originAt,
  type Scratch,
  type StepIO,
} from '../../sdk/index.ts';
import type { Columns } from '../../spec/workflow/columns.ts';
import { mergeLists, type Order } from './merge-lists.ts';
import { sizeOfOrigin } from './record-size.ts';

const BATCH = 1_000;
/** Bytes of origins in a batch, about. */
const BATCH_BYTES = 1024 * 1024;

type SetIn = (channel: number) => readonly string[] | undefined;

/**
 * What a node gives, in the order of its origins, also when the work is done in parts. Without parts, records go straight out: they
 * come in order. Each part has its records in order too, but only all parts together give the whole: then they are put away part by
 * part, and `finish` merges them.
 *
 * A channel is a sequence of its own that ends up in a port; channels go out one after another, so one port can have several.
 */
export class OrderedOutput {
  readonly #io: Pick<StepIO<unknown>, 'emit' | 'emitColumns' | 'scratch'>;
  readonly #channels: readonly Channel[];
  readonly #setIn: SetIn;
  #inParts = false;
  isFull = false;

  /**
   * @param ports the port of each channel.
   * @param setIn by which fields all that was added to a channel so far differs from the first input, as `emit` takes them.
   */
  constructor(
    io: Pick<StepIO<unknown>, 'emit' | 'emitColumns' | 'scratch'>,
    ports: readonly string[],
    setIn: SetIn = () => undefined,
  ) {
    this.#io = io;
    this.#setIn = setIn;
    this.#channels = ports.map((port) => new Channel(port));
  }

  /** When it `isFull` then, `flush` is to be called. */
  add(channel: number, record: DataRecord, from: Origin): void {
    const to = this.#channels[channel] as Channel;
    to.records.push(record);
    to.origins.push(from);
    to.bytes += sizeOfOrigin(from);
    if (to.records.length >= BATCH || to.bytes > BATCH_BYTES) this.isFull = true;
  }

  /** A batch that comes as columns. Await the result when it is a promise. */
  addColumns(channel: number, columns: Columns, origins: Origins): Brake {
    const { port, records } = this.#channels[channel] as Channel;
    if (this.#inParts || records.length > 0) return this.#addAll(channel, columns.records, origins);
    return this.#io.emitColumns(port, columns, origins, this.#setIn(channel));
  }

  async #addAll(channel: number, records: readonly DataRecord[], origins: Origins): Promise<void> {
    for (let i = 0; i < records.length; i++) {
      this.add(channel, records[i] as DataRecord, originAt(origins, i) ?? []);
      if (this.isFull) await this.flush();
    }
  }

  async flush(): Promise<void> {
    this.isFull = false;
    for (const [at, channel] of this.#channels.entries()) {
      const { port, records, origins } = channel;
      if (records.length === 0) continue;
      channel.records = [];
      channel.origins = [];
      channel.bytes = 0;
      if (this.#inParts) {
        channel.list ??= this.#io.scratch();
        await channel.list.write(records, origins);
      } else {
        await this.#io.emit(port, records, origins, this.#setIn(at));
      }
    }
  }

  /** What is added from here on is a part of its own. */
  async startPart(): Promise<void> {
    await this.flush();
    this.#inParts = true;
    for (const channel of this.#channels) channel.endPart();
  }

  async finish(): Promise<void> {
    await this.flush();
    for (const channel of this.#channels) {
      channel.endPart();
      for await (const { records, origins } of mergeLists(this.#io, channel.parts, byOrigin)) {
        await this.#io.emit(channel.port, records, origins);
      }
    }
  }
}

class Channel {
  readonly port: string;
  records: DataRecord[] = [];
  origins: Origin[] = [];
  /** Of the origins, about. */
  bytes = 0;
  list: Scratch | undefined;
  readonly parts: Scratch[] = [];

  constructor(port: string) {
    this.port = port;
  }

  endPart(): void {
    if (this.list !== undefined) this.parts.push(this.list);
    this.list = undefined;
  }
}

/** By the first origin, then by the second one, and so on. */
const byOrigin: Order = (_a, aFrom, _b, bFrom) => {
  for (let i = 0; ; i++) {
    const x = typeof aFrom === 'number' && i === 0 ? aFrom : (aFrom as readonly number[])[i];
    const y = typeof bFrom === 'number' && i === 0 ? bFrom : (bFrom as readonly number[])[i];
    if (x === undefined || y === undefined) return (x === undefined ? 0 : 1) - (y === undefined ? 0 : 1);
    if (x !== y) return x - y;
  }
};
