import type { DataRecord } from '../spec/workflow/record.ts';
import { type Brake, both } from './brake.ts';
import type { StepIO } from './node.ts';
import type { Origins } from './origins.ts';

/** Collects what a batch gives port by port, so that a batch of a thousand records is one emission. */
export class Collector {
  readonly #outputs = new Map<string, Output>();
  /** Most records go where the one before went. */
  #lastPort: string | undefined;
  #last: Output | undefined;

  add(port: string, record: DataRecord, from: number): void {
    if (port === this.#lastPort && this.#last !== undefined) this.#last.add(record, from);
    else this.#switchTo(port).add(record, from);
  }

  #switchTo(port: string): Output {
    let output = this.#outputs.get(port);
    if (output === undefined) {
      output = new Output();
      this.#outputs.set(port, output);
    }
    this.#lastPort = port;
    this.#last = output;
    return output;
  }

  /** @param set as `emit` takes it, of all that was added. */
  flush<P, C>(io: StepIO<P, C>, set?: readonly string[]): Brake {
    let brake: Brake | undefined;
    for (const [port, output] of this.#outputs) {
      brake = both(brake, io.emit(port, output.records, output.origins, set));
    }
    this.#outputs.clear();
    this.#lastPort = undefined;
    return brake;
  }
}

/** Records of one port. Their origins are a mere `{ from }` for as long as each record follows from the next one that came in. */
class Output {
  readonly records: DataRecord[] = [];
  #from = 0;
  #list: number[] | undefined;

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
