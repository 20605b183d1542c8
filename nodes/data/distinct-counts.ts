import { Breath, type StepIO } from '../../sdk/index.ts';
import { chooseAway, type PutAwayKey } from './chosen-by-key.ts';
import { keyText, type MapKey } from './exact-key.ts';
import { Partitions } from './partitions.ts';

type IO = Pick<StepIO<unknown>, 'scratch' | 'workingMemory'>;

/** Values of several measures, put away to be counted: how many different ones each measure has. */
export class DistinctCounts {
  readonly #io: IO;
  readonly #away: Partitions;

  constructor(io: IO) {
    this.#io = io;
    this.#away = new Partitions(io, 0);
  }

  /** Values may come again at any time. */
  async add(measure: number, values: Iterable<MapKey>): Promise<void> {
    const breath = new Breath();
    for (const value of values) {
      const put: PutAwayKey = { key: [measure, value] };
      await this.#away.write(this.#away.numberOf(keyText(put.key)), put, measure);
      if (breath.due()) await breath.pause();
    }
  }

  /** The counts by measure, once all values are there. A measure without values has none. */
  async counts(): Promise<ReadonlyMap<number, number>> {
    const counts = new Map<number, number>();
    const isFirst = (measure: number) => counts.set(measure, (counts.get(measure) ?? 0) + 1);
    await chooseAway(this.#io, this.#away, 2, 'first', isFirst, 1);
    return counts;
  }
}
