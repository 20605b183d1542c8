import type { DataRecord } from '../spec/workflow/record.ts';
import { type Brake, both } from './brake.ts';
import type { StepIO } from './node.ts';
import type { Origins } from './origins.ts';

/** Collects what a batch gives port by port, so that a batch of a thousand records is one emission. */
export class Collector {
  #outputs: Output[] = [];
  /** Most records go where the one before went. */
  #last: Output | undefined;

  add(port: string, record: DataRecord, from: number): void {
    if (this.#last?.port !== port) this.#last = this.#outputOf(port);
    this.#last.add(record, from);
  }

  #outputOf(port: string): Output {
    for (const output of this.#outputs) if (output.port === port) return output;
    const output = new Output(port);
    this.#outputs.push(output);
    return output;
  }

  /** @param set as `emit` takes it, of all that was added. */
  flush<P, C>(io: StepIO<P, C>, set?: readonly string[]): Brake {
    let brake: Brake | undefined;
    for (const { port, records, origins } of this.#outputs) brake = both(brake, io.emit(port, records, origins, set));
    this.#outputs = [];
    this.#last = undefined;
    return brake;
  }
}

/** Records of one port. Their origins are a mere `{ from }` for as long as each record follows from the next one that came in. */
class Output {
  readonly port: string;
  readonly records: DataRecord[] = [];
  #from = 0;
  #list: number[] | undefined;

  constructor(port: string) {
    this.port = port;
  }

  add(record: DataRecord, from: number): void {
    const count = this.records.push(record) - 1;
    if (count === 0) this.#from = from;
    else if (this.#list !== undefined) this.#list.push(from);
    else if (from !== this.#from + count) {
      this.#list = Array.from({ length: count }, (_, i) => this.#from + i);
      this.#list.push(from);
    }
  }

  get origins(): Origins {
    return this.#list ?? { from: this.#from };
  }
}
