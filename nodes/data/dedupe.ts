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
import { recordKey } from './exact-key.ts';

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
    const key = recordKey(by);
    if (across === 'workflow') {
      if (keep === 'last') throw lastOverRuns();
      return split(io, await unseenOverRuns(io, key, remember));
    }
    if (keep === 'last') return split(io, await isLast(io, key));
    const seen = new Set<string>();
    return split(io, (record) => add(seen, key(record)));
  }),
);

type Keeps = (record: DataRecord, position: number) => boolean;

async function split(io: StepIO<Params>, keeps: Keeps): Promise<void> {
  const input = io.input();
  const breath = new Breath();
  for await (const { records, start } of input.batches()) {
    const kept = { records: [] as DataRecord[], origins: [] as number[] };
    const duplicates = { records: [] as DataRecord[], origins: [] as number[] };
    for (let i = 0; i < records.length; i++) {
      const record = records[i] as DataRecord;
      const side = keeps(record, start + i) ? kept : duplicates;
      side.records.push(record);
      side.origins.push(origin(input.slot, start + i));
      if (breath.due()) await breath.pause();
    }
    if (kept.records.length > 0) await io.emit('records', kept.records, kept.origins);
    if (duplicates.records.length > 0) await io.emit('duplicates', duplicates.records, duplicates.origins);
  }
}

function add(seen: Set<string>, key: string): boolean {
  const before = seen.size;
  return seen.add(key).size > before;
}

/** Reads the input once before, for the position at which each key is seen last. */
async function isLast(io: StepIO<Params>, key: (record: DataRecord) => string): Promise<Keeps> {
  const last = new Map<string, number>();
  const breath = new Breath();
  for await (const { records, start } of io.input().batches()) {
    for (let i = 0; i < records.length; i++) {
      last.set(key(records[i] as DataRecord), start + i);
      if (breath.due()) await breath.pause();
    }
  }
  return (record, position) => last.get(key(record)) === position;
}

/** Keys are remembered as short hashes; they are kept only if the run succeeds. */
async function unseenOverRuns(
  io: StepIO<Params>,
  key: (record: DataRecord) => string,
  remember: number,
): Promise<Keeps> {
  const known = await io.ctx.memory.get('seen');
  const seen = new Set<string>(Array.isArray(known) ? (known as string[]) : []);
  const breath = new Breath();
  const fresh = new Set<number>();
  for await (const { records, start } of io.input().batches()) {
    for (let i = 0; i < records.length; i++) {
      if (add(seen, hashOf(key(records[i] as DataRecord)))) fresh.add(start + i);
      if (breath.due()) await breath.pause();
    }
  }
  io.ctx.memory.set('seen', [...seen].slice(-remember));
  return (_, position) => fresh.has(position);
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
