import { z } from 'zod';
import {
  type DataRecord,
  defineNode,
  field,
  type Origins,
  onePass,
  positionOf,
  type StepIO,
  UNCHANGED,
} from '../../sdk/index.ts';
import { areNames } from '../../spec/workflow/columns.ts';
import { FieldNames } from './field-names.ts';
import { rowMaker } from './joined-row.ts';
import { type ColumnMatches, type Matching, matchByKey, type Numbered, numbered } from './match-by-key.ts';
import { OrderedOutput } from './ordered-output.ts';
import { readColumns, readField } from './read-field.ts';

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
      'Brings together records of two inputs that agree in their key fields. Keys are compared with their type (1 is not "1"), and empty keys match nothing. Every row has the fields of both sides, null where there is none; a field that a record of the left is the first to bring along after the first 1,000 is in the rows from there on.',
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
  onePass(async (io) => {
    const { on, how, prefix } = io.stepParams();
    const [left, right] = [io.input('left'), io.input('right')];
    const names = { left: new FieldNames(), right: new FieldNames() };
    const rowAt = rowMaker(names, on, prefix);
    const output = new OrderedOutput(io, ['records', 'records'], (channel) => {
      if (channel === REST) return undefined;
      if (how === 'anti') return UNCHANGED;
      return names.left.areAlike ? rowAt(Number.POSITIVE_INFINITY).fromRight : undefined;
    });
    let pairs = 0;
    const given = { left: new FirstRecord(), right: new FirstRecord() };
    const matching: Matching = {
      once: false,
      pair: (leftRecord, leftFrom, rightRecord, rightFrom) => {
        pairs++;
        if (how === 'anti') return;
        const row = rowAt(positionOf(leftFrom)).both(leftRecord, rightRecord);
        output.add(MAIN, row, [leftFrom, rightFrom]);
      },
      ...(how === 'anti' && { aloneLeft: (record, from) => output.add(MAIN, record, [from]) }),
      ...((how === 'left' || how === 'full') && {
        aloneLeft: (record, from) => output.add(MAIN, rowAt(positionOf(from)).onlyLeft(record), [from]),
      }),
      ...((how === 'right' || how === 'full') && {
        aloneRight: (record, from) => output.add(REST, rowAt(Number.POSITIVE_INFINITY).onlyRight(record), [from]),
      }),
      ofColumns: (columns) => {
        const rows = names.left.areAlike ? rowAt(Number.POSITIVE_INFINITY) : undefined;
        if (rows === undefined || !areNames([...columns.names, ...rows.fromRight])) return undefined;
        return (matches) => {
          pairs += countPairs(matches);
          const wanted = wantedOf(matches, how);
          if (wanted.rows.length === 0) return;
          const lefts = areAll(wanted.rows, columns.count) ? columns : columns.pick(wanted.rows);
          if (how === 'anti') return output.addColumns(MAIN, lefts, originsOf(wanted));
          const fromRight = rows.rightColumns(matches.right.records, wanted.places);
          return output.addColumns(MAIN, lefts.with(rows.fromRight, fromRight), originsOf(wanted));
        };
      },
    };
    const leftKeys = on.map((pair) => pair.left);
    await matchByKey(
      io,
      {
        records: given.left.of(numbered(left, names.left.learn(left))),
        key: leftKeys.map(readField),
        keyColumns: (columns) => readColumns(leftKeys, columns),
      },
      {
        records: given.right.of(numbered(right, names.right.learn(right))),
        key: on.map((pair) => readField(pair.right)),
      },
      matching,
      output,
    );
    await output.finish();
    if (pairs === 0) warnOfTypes(io, on, given.left.record, given.right.record);
  }),
);

function countPairs({ places }: ColumnMatches): number {
  let count = 0;
  for (let i = 0; i < places.length; i++) if ((places[i] as number) >= 0) count++;
  return count;
}

/** Those of the matches that become rows. */
function wantedOf(matches: ColumnMatches, how: Params['how']): ColumnMatches {
  if (how === 'left' || how === 'full') return matches;
  const { rows, places } = matches;
  const wanted = new Uint32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) if ((places[i] as number) < 0 === (how === 'anti')) wanted[count++] = i;
  if (count === rows.length) return matches;
  const at = wanted.subarray(0, count);
  return {
    ...matches,
    rows: at.map((i) => rows[i] as number),
    places: Int32Array.from(at, (i) => places[i] as number),
  };
}

function areAll(rows: Uint32Array, count: number): boolean {
  for (let i = 0; i < rows.length; i++) if (rows[i] !== i) return false;
  return rows.length === count;
}

function originsOf({ rows, places, from, right }: ColumnMatches): Origins {
  if (places.some((place) => place < 0)) {
    return Array.from(rows, (row, i) => {
      const place = places[i] as number;
      const left = from + row;
      return place < 0 ? [left] : [left, right.origins[place] as number];
    });
  }
  const lefts = new Float64Array(rows.length);
  const rights = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    lefts[i] = from + (rows[i] as number);
    rights[i] = right.origins[places[i] as number] as number;
  }
  return { places: [lefts, rights] };
}

/** What has a record of the left comes first, in its order; then the records of the right that are left over. */
const MAIN = 0;
const REST = 1;

/** Remembers the first record that goes by. */
class FirstRecord {
  record: DataRecord | undefined;

  async *of(stream: Numbered): Numbered {
    for await (const batch of stream) {
      this.record ??= (batch.whole?.columns.slice(0, 1) ?? batch).records[0];
      yield batch;
    }
  }
}

/** Numbers on one side and texts on the other are the usual reason why nothing matches. */
function warnOfTypes(
  io: StepIO<Params>,
  on: Params['on'],
  left: DataRecord | undefined,
  right: DataRecord | undefined,
): void {
  if (left === undefined || right === undefined) return;
  for (const pair of on) {
    const a = typeof readField(pair.left)(left);
    const b = typeof readField(pair.right)(right);
    if (a === b) continue;
    io.ctx.log(
      'warn',
      `Nothing matched: ${pair.left} holds a ${a} on the left and ${pair.right} a ${b} on the right. Make them the same type before.`,
    );
    return;
  }
}
