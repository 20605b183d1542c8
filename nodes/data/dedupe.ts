import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  Breath,
  type DataRecord,
  defineNode,
  field,
  NodeError,
  onePass,
  origin,
  route,
  type StepIO,
} from '../../sdk/index.ts';
import { chosenByKey } from './chosen-by-key.ts';
import { keyReads, recordKey } from './exact-key.ts';
import { KeyNumbers } from './key-numbers.ts';
import { numbered } from './match-by-key.ts';
import { PositionSet } from './position-set.ts';
import type { ReadField } from './read-field.ts';

const params = z.strictObject({
  by: field
    .of(z.array(z.string().min(1)), 'field-names', {
      label: 'Same when these fields are',
      scope: 'step',
      help: 'The whole record if left empty.',
    })
    .default([]),
  keep: field
    .choice(['first', 'last'], {
      label: 'Keep',
      scope: 'step',
      options: [
        { value: 'first', label: 'the first one' },
        { value: 'last', label: 'the last one' },
      ],
    })
    .default('first'),
  across: field
    .choice(['run', 'workflow'], {
      label: 'Look at',
      scope: 'step',
      help: 'Inside a container, each round is looked at by itself. With all runs, a round also knows what rounds of this run that have ended well let through before it; rounds at work at the same time do not know of each other.',
      options: [
        { value: 'run', label: 'this run only' },
        {
          value: 'workflow',
          label: 'all runs of the workflow',
          help: 'Lets a record through only the first time it is ever seen.',
        },
      ],
    })
    .default('run'),
  remember: field
    .number({
      label: 'Remember',
      int: true,
      min: 1,
      max: 1_000_000,
      scope: 'step',
      advanced: true,
      help: 'How many of the newest keys are remembered over runs.',
      showWhen: { param: 'across', is: ['workflow'] },
    })
    .default(100_000),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'dedupe',
    version: 1,
    title: 'Remove duplicates',
    summary: 'Keep one record for each {by}',
    description:
      'Lets one record through for each combination of values. Values are compared with their type: 1 is not "1". Empty values are equal to each other.',
    connector: 'data',
    category: 'data',
    keywords: ['deduplicate', 'unique', 'distinct', 'duplicates', 'already seen', 'new only'],
    params,
    outputs: ['records', route('duplicates')],
    examples: [
      {
        title: 'One record for each address',
        params: { by: ['email'] },
        input: [
          { email: 'a@b.c', n: 1 },
          { email: 'd@e.f', n: 2 },
          { email: 'a@b.c', n: 3 },
        ],
        output: {
          records: [
            { email: 'a@b.c', n: 1 },
            { email: 'd@e.f', n: 2 },
          ],
          duplicates: [{ email: 'a@b.c', n: 3 }],
        },
      },
    ],
  },
  onePass(async (io) => {
    const { by, keep, across, remember } = io.stepParams();
    if (across === 'workflow') {
      if (keep === 'last') throw lastOverRuns();
      return split(io, await unseenOverRuns(io, recordKey(by), remember));
    }
    const reads = keyReads(by);
    const all = io.input();
    const choose = (which: 'first' | 'last') => chosenByKey(io, numbered(all, all.batches()), reads, which);
    if (keep === 'last') return split(io, await choose('last'));
    const end = await keepFirst(io, reads);
    if (end !== undefined) await split(io, await choose('first'), end);
  }),
);

/** Sends on which records are kept and which are duplicates, from a position on. */
async function split(io: StepIO<Params>, kept: PositionSet, from = 0): Promise<void> {
  const sides = new Sides(io);
  const breath = new Breath();
  for await (const { records, start } of io.input().batches()) {
    for (let i = Math.max(0, from - start); i < records.length; i++) {
      sides.add(kept.has(start + i), records[i] as DataRecord, start + i);
      if (breath.due()) await breath.pause();
    }
    await sides.flush();
  }
}

/** Lets through the first of each key as they come; gives the position where there was no room for more keys. */
async function keepFirst(io: StepIO<Params>, reads: readonly ReadField[]): Promise<number | undefined> {
  const keys = new KeyNumbers(reads.length);
  const values = new Array<unknown>(reads.length);
  const sides = new Sides(io);
  const breath = new Breath();
  for await (const { records, start } of io.input().batches()) {
    for (let i = 0; i < records.length; i++) {
      const record = records[i] as DataRecord;
      for (let k = 0; k < reads.length; k++) values[k] = (reads[k] as ReadField)(record);
      const before = keys.size;
      sides.add(keys.add(values) === before, record, start + i);
      if (keys.bytes > io.workingMemory) {
        await sides.flush();
        return start + i + 1;
      }
      if (breath.due()) await breath.pause();
    }
    await sides.flush();
  }
  return undefined;
}

class Sides {
  readonly #io: StepIO<Params>;
  readonly #slot: number;
  #kept = { records: [] as DataRecord[], origins: [] as number[] };
  #duplicates = { records: [] as DataRecord[], origins: [] as number[] };

  constructor(io: StepIO<Params>) {
    this.#io = io;
    this.#slot = io.input().slot;
  }

  add(isKept: boolean, record: DataRecord, position: number): void {
    const side = isKept ? this.#kept : this.#duplicates;
    side.records.push(record);
    side.origins.push(origin(this.#slot, position));
  }

  async flush(): Promise<void> {
    const [kept, duplicates] = [this.#kept, this.#duplicates];
    this.#kept = { records: [], origins: [] };
    this.#duplicates = { records: [], origins: [] };
    if (kept.records.length > 0) await this.#io.emit('records', kept.records, kept.origins);
    if (duplicates.records.length > 0) await this.#io.emit('duplicates', duplicates.records, duplicates.origins);
  }
}

/** Keys are remembered as short hashes; they are kept only if the run succeeds, and inside a container only of rounds that do. */
async function unseenOverRuns(
  io: StepIO<Params>,
  key: (record: DataRecord) => string,
  remember: number,
): Promise<PositionSet> {
  const firsts = new Map<string, number>();
  const breath = new Breath();
  for await (const { records, start } of io.input().batches()) {
    for (let i = 0; i < records.length; i++) {
      const hash = hashOf(key(records[i] as DataRecord));
      if (!firsts.has(hash)) firsts.set(hash, start + i);
      if (breath.due()) await breath.pause();
    }
  }
  const known = await io.ctx.memory.get('seen');
  // Rounds of a few records are spared an index of all that is known.
  for (const hash of Array.isArray(known) ? (known as string[]) : []) firsts.delete(hash);
  if (firsts.size > 0) io.ctx.memory.add('seen', [...firsts.keys()].slice(-remember), remember);
  const fresh = new PositionSet();
  for (const position of firsts.values()) fresh.add(position);
  return fresh;
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64').slice(0, 16);
}

function lastOverRuns(): NodeError {
  return new NodeError({
    class: 'config',
    code: 'dedupe-last-over-runs',
    message: 'The last record of all runs cannot be known while runs are still to come.',
    remedy: 'Keep the first one, or look at this run only.',
    field: 'Keep',
  });
}
