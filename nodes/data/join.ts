import { z } from 'zod';
import { Breath, type DataRecord, defineNode, field, origin, type StepIO, stream } from '../../sdk/index.ts';
import { joinKey } from './exact-key.ts';
import { fieldNamesOf, type HashIndex, indexInput } from './hash-index.ts';
import { readField } from './read-field.ts';

const BATCH = 1_000;

const params = z.strictObject({
  on: field.list(
    field.group(
      { left: field.fieldName({ label: 'Left field' }), right: field.fieldName({ label: 'Right field' }) },
      { label: 'Match', scope: 'step' },
    ),
    { label: 'Match where', scope: 'step' },
  ),
  how: field
    .choice(['inner', 'left', 'right', 'full', 'anti'], {
      label: 'Keep',
      scope: 'step',
      options: [
        { value: 'inner', label: 'only matches' },
        { value: 'left', label: 'all of the left, with matches from the right' },
        { value: 'right', label: 'all of the right, with matches from the left' },
        { value: 'full', label: 'all of both' },
        { value: 'anti', label: 'only those of the left without a match' },
      ],
    })
    .default('inner'),
  prefix: field
    .text({
      label: 'Prefix',
      scope: 'step',
      advanced: true,
      help: 'Put before a field of the right side whose name the left side has too.',
    })
    .default('right_'),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'join',
    version: 1,
    title: 'Join',
    summary: 'Join on {on}',
    description:
      'Brings together records of two inputs that agree in their key fields. Keys are compared with their type (1 is not "1"), and empty keys match nothing.',
    connector: 'data',
    category: 'data',
    keywords: ['lookup', 'vlookup', 'merge by key', 'match', 'combine', 'enrich', 'left join', 'compare'],
    params,
    inputs: [
      { name: 'left', label: 'Left', many: true },
      { name: 'right', label: 'Right', many: true },
    ],
    examples: [
      { title: 'Orders with their customers', params: { on: [{ left: 'customer', right: 'id' }], how: 'left' } },
    ],
  },
  stream(async (io) => {
    const { on, how, prefix } = io.stepParams();
    const left = io.input('left');
    const right = await indexInput(io.input('right'), joinKey(on.map((pair) => pair.right)));
    const row = rowMaker(await fieldNamesOf(left), right.names, on, prefix);
    const out = new Output(io);
    const matched = how === 'right' || how === 'full' ? new Uint8Array(right.records.length) : undefined;
    const keyOf = joinKey(on.map((pair) => pair.left));
    const breath = new Breath();
    let matches = 0;
    for await (const batch of left.batches()) {
      for (let i = 0; i < batch.records.length; i++) {
        const record = batch.records[i] as DataRecord;
        const from = origin(left.slot, batch.start + i);
        const found = right.find(keyOf(record));
        matches += found.length;
        if (how === 'anti') {
          if (found.length === 0) out.add(record, [from]);
        } else {
          for (const position of found) {
            if (matched !== undefined) matched[position] = 1;
            out.add(row(record, right.records[position]), [from, origin(RIGHT, position)]);
            if (out.isFull) await out.flush();
          }
          if (found.length === 0 && (how === 'left' || how === 'full')) out.add(row(record, undefined), [from]);
        }
        if (out.isFull) await out.flush();
        if (breath.due()) await breath.pause();
      }
    }
    if (matched !== undefined) await addUnmatched(out, right, matched, row);
    await out.flush();
    if (matches === 0) warnOfTypes(io, on, right, await firstOf(io));
  }),
);

/** Slot of the right input. */
const RIGHT = 1;

type MakeRow = (left: DataRecord | undefined, right: DataRecord | undefined) => DataRecord;

async function addUnmatched(out: Output, right: HashIndex, matched: Uint8Array, row: MakeRow): Promise<void> {
  for (let position = 0; position < matched.length; position++) {
    if (matched[position] === 0) out.add(row(undefined, right.records[position]), [origin(RIGHT, position)]);
    if (out.isFull) await out.flush();
  }
}

/** All rows get the same fields: those of the left, then those of the right that are not the same key. What is missing is null. */
function rowMaker(left: readonly string[], right: readonly string[], on: Params['on'], prefix: string): MakeRow {
  const taken = new Set(left);
  const sameKeys = new Set(on.filter((pair) => pair.left === pair.right).map((pair) => pair.left));
  const fromRight = right
    .filter((name) => !(sameKeys.has(name) && taken.has(name)))
    .map((name) => {
      let as = taken.has(name) ? `${prefix}${name}` : name;
      while (taken.has(as)) as = `${prefix}${as}`;
      taken.add(as);
      return { name, as };
    });
  // A copy has its shape from the start, which is much faster than an object that grows field by field.
  const empty: DataRecord = {};
  for (const name of taken) empty[name] = null;
  return (leftRecord, rightRecord) => {
    const row = { ...empty };
    for (const name of left) row[name] = leftRecord?.[name] ?? null;
    for (const { name, as } of fromRight) row[as] = rightRecord?.[name] ?? null;
    if (leftRecord === undefined) for (const name of sameKeys) if (name in row) row[name] = rightRecord?.[name] ?? null;
    return row;
  };
}

/** Emits in batches, since one record may have any number of matches: `flush` when it `isFull`, and at the end. */
class Output {
  readonly #io: StepIO<Params>;
  #records: DataRecord[] = [];
  #origins: number[][] = [];

  constructor(io: StepIO<Params>) {
    this.#io = io;
  }

  get isFull(): boolean {
    return this.#records.length >= BATCH;
  }

  add(record: DataRecord, origins: number[]): void {
    this.#records.push(record);
    this.#origins.push(origins);
  }

  async flush(): Promise<void> {
    if (this.#records.length === 0) return;
    const [records, origins] = [this.#records, this.#origins];
    this.#records = [];
    this.#origins = [];
    await this.#io.emit('records', records, origins);
  }
}

async function firstOf(io: StepIO<Params>): Promise<DataRecord | undefined> {
  for await (const batch of io.input('left').batches(1)) return batch.records[0];
  return undefined;
}

/** Numbers on one side and texts on the other are the usual reason why nothing matches. */
function warnOfTypes(io: StepIO<Params>, on: Params['on'], right: HashIndex, left: DataRecord | undefined): void {
  const [other] = right.records;
  if (left === undefined || other === undefined) return;
  for (const pair of on) {
    const a = typeof readField(pair.left)(left);
    const b = typeof readField(pair.right)(other);
    if (a === b) continue;
    io.ctx.log(
      'warn',
      `Nothing matched: ${pair.left} holds a ${a} on the left and ${pair.right} a ${b} on the right. Make them the same type before.`,
    );
    return;
  }
}
