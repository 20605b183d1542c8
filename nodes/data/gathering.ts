import { Breath, type DataRecord, NodeError, type Origin, type StepIO, setOwnField } from '../../sdk/index.ts';
import type { Column } from '../../spec/workflow/columns.ts';
import { keyText } from './exact-key.ts';
import { KeyNumbers } from './key-numbers.ts';
import type { MeasurePlan, Tally } from './measures.ts';
import type { OrderedOutput } from './ordered-output.ts';
import { OriginList } from './origin-list.ts';
import { Partitions } from './partitions.ts';
import { sizeOf } from './record-size.ts';

/** What groups are made of: the fields that they share, and what is measured of each. */
export interface GroupShape {
  readonly names: readonly string[];
  readonly plans: readonly MeasurePlan[];
}

/** Bytes that the values of one group may take, about: they become one record, or are told apart to be counted. */
const MOST = 256 * 1024 * 1024;

interface Group {
  readonly keys: readonly unknown[];
  readonly tallies: readonly Tally[];
  /** Of its values, about. */
  bytes: number;
  readonly origins: OriginList;
}

/** A group or the values of a record, put away. Its origins go beside it. */
interface PutAway extends DataRecord {
  readonly keys: readonly unknown[];
  /** Of a record. */
  readonly values?: readonly unknown[];
  /** Of a group, which comes before all records of its key. */
  readonly states?: readonly unknown[];
}

type IO = Pick<StepIO<unknown>, 'scratch' | 'workingMemory'>;

/**
 * Gathers records in groups, in the order in which these first appear. When it holds too much, all groups are put away by their keys,
 * and so are the records that follow; then each list is gathered by itself, and so on until the groups of a list fit.
 */
export class Gathering {
  readonly #io: IO;
  readonly #shape: GroupShape;
  readonly #output: OrderedOutput;
  readonly #depth: number;
  readonly #numbers: KeyNumbers;
  #groups: Group[] = [];
  #bytes = 0;
  #away: Partitions | undefined;

  constructor(io: IO, shape: GroupShape, output: OrderedOutput, depth = 0) {
    this.#io = io;
    this.#shape = shape;
    this.#output = output;
    this.#depth = depth;
    this.#numbers = new KeyNumbers(shape.names.length);
  }

  /** Without fields to group by there is one group, even over no records. */
  openOnly(): void {
    this.#open([], undefined, new OriginList());
  }

  /** Takes records that come as columns: what they are grouped by, and what is measured of each. A promise when it must be waited for. */
  takeAll(keys: readonly Column[], values: readonly Column[], origins: ArrayLike<number>): Promise<void> | undefined {
    if (this.#away !== undefined) return this.#putAwayAll(this.#away, keys, values, origins);
    const groups = this.#groupsOf(keys, origins.length);
    for (let m = 0; m < values.length; m++) this.#measure(m, groups, values[m] as Column);
    for (let i = 0; i < groups.length; i++) {
      const { origins: own } = groups[i] as Group;
      const before = own.bytes;
      own.push(origins[i] as number);
      this.#bytes += own.bytes - before;
    }
    return this.#isTooMuch ? this.#putAway() : undefined;
  }

  /** The group of each row, new where it is the first. */
  #groupsOf(keys: readonly Column[], count: number): readonly Group[] {
    const groups = new Array<Group>(count);
    if (keys.length === 0) return groups.fill(this.#groups[0] as Group);
    const numbers = this.#numbers.addAll(keys, count);
    for (let i = 0; i < count; i++) {
      const number = numbers[i] as number;
      groups[i] =
        this.#groups[number] ??
        this.#open(
          keys.map((column) => column[i]),
          undefined,
          new OriginList(),
        );
    }
    return groups;
  }

  #measure(at: number, groups: readonly Group[], column: Column): void {
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i] as Group;
      const more = (group.tallies[at] as Tally).add(column[i]);
      if (more === 0) continue;
      this.#bytes += more;
      group.bytes += more;
      if (group.bytes > MOST) throw tooLarge(this.#shape, group.keys);
    }
  }

  async #putAwayAll(
    away: Partitions,
    keys: readonly Column[],
    values: readonly Column[],
    origins: ArrayLike<number>,
  ): Promise<void> {
    for (let i = 0; i < origins.length; i++) {
      const own = keys.map((column) => column[i]);
      const busy = away.write(
        away.numberOf(keyText(own)),
        { keys: own, values: values.map((column) => column[i]) },
        origins[i] as number,
      );
      if (busy) await busy;
    }
  }

  async finish(): Promise<void> {
    if (this.#depth > 0) await this.#output.startPart();
    const breath = new Breath();
    for (const { keys, tallies, origins } of this.#groups) {
      this.#output.add(0, this.#result(keys, tallies), origins.toArray());
      if (this.#output.isFull) await this.#output.flush();
      if (breath.due()) await breath.pause();
    }
    for (const list of (await this.#away?.lists())?.values() ?? []) {
      const below = new Gathering(this.#io, this.#shape, this.#output, this.#depth + 1);
      for await (const { records, origins } of list.batches()) {
        for (let i = 0; i < records.length; i++) await below.#takeAgain(records[i] as PutAway, origins[i] as Origin);
        if (breath.due()) await breath.pause();
      }
      await list.remove();
      await below.finish();
    }
  }

  #takeAgain({ keys, values, states }: PutAway, from: Origin): Promise<void> | undefined {
    if (values !== undefined) return this.takeAll(keys.map(only), values.map(only), [from as number]);
    if (this.#away !== undefined) return this.#away.write(this.#away.numberOf(keyText(keys)), { keys, states }, from);
    this.#numbers.add(keys);
    this.#open(keys, states, OriginList.of(from as readonly number[]));
    return this.#isTooMuch ? this.#putAway() : undefined;
  }

  #open(keys: readonly unknown[], states: readonly unknown[] | undefined, origins: OriginList): Group {
    const tallies = this.#shape.plans.map(({ start }, m) => start(states?.[m]));
    const group = { keys: [...keys], tallies, origins, bytes: sizeOf(states ?? null) };
    this.#groups.push(group);
    this.#bytes += 200 + group.bytes + origins.bytes;
    return group;
  }

  /** One group alone is never too much: it becomes one record, which is held as a whole in any case. */
  get #isTooMuch(): boolean {
    return this.#bytes + this.#numbers.bytes > this.#io.workingMemory && this.#groups.length > 1;
  }

  async #putAway(): Promise<void> {
    const away = new Partitions(this.#io, this.#depth);
    this.#away = away;
    const groups = this.#groups;
    this.#groups = [];
    for (const { keys, tallies, origins } of groups) {
      const states = tallies.map((tally) => tally.state());
      await away.write(away.numberOf(keyText(keys)), { keys, states }, origins.toArray());
    }
  }

  #result(keys: readonly unknown[], tallies: readonly Tally[]): DataRecord {
    const record: DataRecord = {};
    this.#shape.names.forEach((name, k) => {
      setOwnField(record, name, keys[k]);
    });
    this.#shape.plans.forEach(({ as }, m) => {
      setOwnField(record, as, tallies[m]?.result());
    });
    return record;
  }
}

/** A column of one row. */
const only = (value: unknown): Column => [value];

function tooLarge({ names }: GroupShape, keys: readonly unknown[]): NodeError {
  const group = names.map((name, k) => `${name} ${JSON.stringify(keys[k] ?? null).slice(0, 60)}`).join(', ');
  return new NodeError({
    class: 'config',
    code: 'group-too-large',
    message: `The values of one group (${group || 'all records'}) take more than ${MOST / 1024 / 1024} MB.`,
    remedy:
      'Group by more fields. To count many different values, remove duplicates in a step before and count what is left. To collect many, write them to a file or a table.',
  });
}
