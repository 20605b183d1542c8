import { Breath } from '../sdk/index.ts';
import type { ColumnProfile, Profile, ValueKind } from '../spec/api/profile.ts';
import { type DataRecord, isFileValue } from '../spec/workflow/record.ts';
import type { Dataset } from './dataset.ts';
import { cut, DistinctValues } from './distinct-values.ts';

/** Columns that are looked into; the others are only counted. */
const COLUMNS = 500;
/** Names of further columns that are told apart. */
const MORE_COLUMNS = 10_000;
const TOP = 10;
/** Records between two looks at the clock are few, since a record may have thousands of columns. */
const SAMPLE_CHARACTERS = 1_000_000;

/** Goes through a dataset once, in memory that does not grow with it, and lets others in as it goes. */
export async function profileOf(dataset: Dataset, sampleSize: number): Promise<Omit<Profile, 'port'>> {
  const columns = new Map<string, Column>();
  const more = new Set<string>();
  const breath = new Breath();
  for (const { records } of dataset.batches()) {
    for (const record of records) {
      for (const name in record) {
        const value = record[name];
        if (value === undefined) continue;
        let column = columns.get(name);
        if (!column && columns.size < COLUMNS) {
          column = new Column(name);
          columns.set(name, column);
        }
        if (column) column.add(value);
        else if (more.size < MORE_COLUMNS) more.add(name);
        if (breath.due()) await breath.pause();
      }
    }
  }
  return {
    total: dataset.count,
    columns: [...columns.values()].map((column) => column.profile(dataset.count)),
    moreColumns: more.size,
    sample: await sampleOf(dataset, sampleSize, breath),
  };
}

/** Records at even distances, the first one included. */
async function sampleOf(dataset: Dataset, size: number, breath: Breath): Promise<Profile['sample']> {
  const sample: { index: number; record: DataRecord }[] = [];
  const count = Math.min(size, dataset.count);
  let left = SAMPLE_CHARACTERS;
  for (let i = 0; i < count && left > 0; i++) {
    const index = Math.floor((i * dataset.count) / count);
    const record = dataset.recordAt(index);
    if (!record) continue;
    left -= JSON.stringify(record).length;
    sample.push({ index, record });
    await breath.pause();
  }
  return sample;
}

class Column {
  private readonly name: string;
  private readonly kinds: Partial<Record<ValueKind, number>> = {};
  private readonly distinct = new DistinctValues();
  private present = 0;
  private nulls = 0;
  private numbers: { min: number; max: number } | undefined;
  private texts: { first: string; last: string; shortest: number; longest: number; empty: number } | undefined;

  constructor(name: string) {
    this.name = name;
  }

  add(value: unknown): void {
    this.present++;
    if (value === null) {
      this.nulls++;
      return;
    }
    const kind = kindOf(value);
    this.kinds[kind] = (this.kinds[kind] ?? 0) + 1;
    if (typeof value === 'number') this.addNumber(value);
    else if (typeof value === 'string') this.addText(value);
    this.distinct.add(value, typeof value === 'object' ? JSON.stringify(value) : undefined);
  }

  private addNumber(value: number): void {
    this.numbers ??= { min: value, max: value };
    if (value < this.numbers.min) this.numbers.min = value;
    if (value > this.numbers.max) this.numbers.max = value;
  }

  private addText(value: string): void {
    const { length } = value;
    this.texts ??= { first: value, last: value, shortest: length, longest: length, empty: 0 };
    const { texts } = this;
    if (value < texts.first) texts.first = value;
    if (value > texts.last) texts.last = value;
    if (length < texts.shortest) texts.shortest = length;
    if (length > texts.longest) texts.longest = length;
    if (length === 0) texts.empty++;
  }

  profile(total: number): ColumnProfile {
    const { texts, numbers, distinct } = this;
    return {
      name: this.name,
      kinds: this.kinds,
      nulls: this.nulls,
      missing: total - this.present,
      distinct: {
        count: distinct.isExact ? distinct.count : Math.min(distinct.count, this.present - this.nulls),
        isExact: distinct.isExact,
      },
      ...(numbers ? { numbers } : {}),
      ...(texts ? { texts: { ...texts, first: cut(texts.first), last: cut(texts.last) } } : {}),
      top: distinct.top(TOP),
    };
  }
}

function kindOf(value: unknown): ValueKind {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      if (Array.isArray(value)) return 'list';
      return isFileValue(value) ? 'file' : 'object';
  }
}
