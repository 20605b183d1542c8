import { Breath, type DataRecord, NodeError, type Origin, type StepIO, setOwnField } from '../../sdk/index.ts';
import type { Column } from '../../spec/workflow/columns.ts';
import { DistinctCounts } from './distinct-counts.ts';
import { keyText } from './exact-key.ts';
import { KeyNumbers } from './key-numbers.ts';
import { Distinct, type MeasurePlan, type Tally } from './measures.ts';
import type { OrderedOutput } from './ordered-output.ts';
import { OriginList } from './origin-list.ts';
import { Partitions } from './partitions.ts';
import { sizeOf } from './record-size.ts';

/** What groups are made of: the fields that they share, and what is measured of each. */
export interface GroupShape {
  readonly names: readonly string[];
  readonly plans: readonly MeasurePlan[];
}

/** Bytes that the values of one group may take, about, where they become part of one record. */
const MOST = 256 * 1024 * 1024;

interface Group {
  readonly keys: readonly unknown[];
  readonly tallies: readonly Tally[];
  /** Of its values that become part of one record, about. */
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
 * and so are the records that follow; then each list is gathered by itself, and so on until the groups of a list fit. A group that is too
 * much by itself stays, as it becomes one record: its values that are only told apart are put away, and so is what follows of other groups.
 */
export class Gathering {
  readonly #io: IO;
  readonly #shape: GroupShape;
  readonly #output: OrderedOutput;
  readonly #depth: number;
  #numbers: KeyNumbers;
  #groups: Group[] = [];
  #bytes = 0;
  /** Of the values that are only told apart. */
  #distinctBytes = 0;
  /** All that belongs to no group here. Once there is something, no group is opened any more. */
  #away: Partitions | undefined;
  /** Of the only group. */
  #distinctAway: DistinctCounts | undefined;

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
    if (this.#away !== undefined) return this.#sift(this.#away, keys, values, origins);
    return this.#gather(keys, values, origins);
  }

  #gather(keys: readonly Column[], values: readonly Column[], origins: ArrayLike<number>): Promise<void> | undefined {
    const groups = this.#groupsOf(keys, origins.length);
    for (let m = 0; m < values.length; m++) this.#measure(m, groups, values[m] as Column);
    for (let i = 0; i < groups.length; i++) {
      const { origins: own } = groups[i] as Group;
      const before = own.bytes;
      own.push(origins[i] as number);
      this.#bytes += own.bytes - before;
    }
    return this.#isTooMuch ? this.#makeRoom() : undefined;
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
    const { tellsApart } = this.#shape.plans[at] as MeasurePlan;
    for (let i = 0; i < groups.length; i++) {
      const group = groups[i] as Group;
      const more = (group.tallies[at] as Tally).add(column[i]);
      if (more === 0) continue;
      this.#bytes += more;
      if (tellsApart) this.#distinctBytes += more;
      else group.bytes += more;
      if (group.bytes > MOST) throw tooLarge(this.#shape, group.keys);
    }
  }

  /** Gathers the records of the groups that stay here; the others are put away. */
  async #sift(
    away: Partitions,
    keys: readonly Column[],
    values: readonly Column[],
    origins: ArrayLike<number>,
  ): Promise<void> {
    const numbers = this.#numbers.ofAll(keys, origins.length);
    const rows: number[] = [];
    for (let i = 0; i < numbers.length; i++) {
      if ((numbers[i] as number) >= 0) {
        rows.push(i);
        continue;
      }
      const own = keys.map((column) => column[i]);
      const record: PutAway = { keys: own, values: values.map((column) => column[i]) };
      await away.write(away.numberOf(keyText(own)), record, origins[i] as number);
    }
    if (rows.length === 0) return;
    const some = (column: Column) => rows.map((row) => column[row]);
    const busy = this.#gather(
      keys.map(some),
      values.map(some),
      rows.map((row) => origins[row] as number),
    );
    if (busy !== undefined) await busy;
  }

  async finish(): Promise<void> {
    await this.#countDistinct();
    // At the top, what stays comes before all that is put away.
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
    return this.#isTooMuch ? this.#makeRoom() : undefined;
  }

  #open(keys: readonly unknown[], states: readonly unknown[] | undefined, origins: OriginList): Group {
    const tallies = this.#shape.plans.map(({ start }, m) => start(states?.[m]));
    const group: Group = { keys: [...keys], tallies, origins, bytes: 0 };
    this.#groups.push(group);
    this.#bytes += 200 + origins.bytes;
    states?.forEach((state, m) => {
      const bytes = sizeOf(state);
      this.#bytes += bytes;
      if (this.#shape.plans[m]?.tellsApart) this.#distinctBytes += bytes;
      else group.bytes += bytes;
    });
    return group;
  }

  /** Of one group alone only what is told apart can be too much, and it is not worth while to put away a few values. */
  get #isTooMuch(): boolean {
    const most = this.#io.workingMemory;
    return this.#bytes + this.#numbers.bytes > most && (this.#groups.length > 1 || this.#distinctBytes > most / 4);
  }

  async #makeRoom(): Promise<void> {
    if (this.#shape.names.length > 0) this.#away ??= new Partitions(this.#io, this.#depth);
    const [first, second] = this.#groups;
    if (first !== undefined && second === undefined) await this.#putValuesAway(first);
    else if (this.#away !== undefined) await this.#putGroupsAway(this.#away);
  }

  async #putGroupsAway(away: Partitions): Promise<void> {
    const breath = new Breath();
    const groups = this.#groups;
    this.#groups = [];
    this.#numbers = new KeyNumbers(this.#shape.names.length);
    for (const { keys, tallies, origins } of groups) {
      const states = tallies.map((tally) => tally.state());
      await away.write(away.numberOf(keyText(keys)), { keys, states }, origins.toArray());
      if (breath.due()) await breath.pause();
    }
  }

  async #putValuesAway({ tallies }: Group): Promise<void> {
    this.#distinctAway ??= new DistinctCounts(this.#io);
    this.#bytes -= this.#distinctBytes;
    this.#distinctBytes = 0;
    for (const [m, tally] of tallies.entries())
      if (tally instanceof Distinct) await this.#distinctAway.add(m, tally.take());
  }

  /** Of values that were put away, once all are there. */
  async #countDistinct(): Promise<void> {
    const [group] = this.#groups;
    if (this.#distinctAway === undefined || group === undefined) return;
    await this.#putValuesAway(group);
    for (const [m, count] of await this.#distinctAway.counts()) (group.tallies[m] as Distinct).countElsewhere(count);
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
    message: `The values that one group (${group || 'all records'}) collects in its record take more than ${MOST / 1024 / 1024} MB.`,
    remedy: 'Group by more fields, or write the values to a file or a table instead of collecting them in one record.',
  });
}
