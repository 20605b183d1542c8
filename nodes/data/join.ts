import { z } from 'zod';
import { type DataRecord, defineNode, field, onePass, positionOf, type StepIO, UNCHANGED } from '../../sdk/index.ts';
import { FieldNames } from './field-names.ts';
import { rowMaker } from './joined-row.ts';
import { type Matching, matchByKey, type Numbered, numbered } from './match-by-key.ts';
import { OrderedOutput } from './ordered-output.ts';
import { readField } from './read-field.ts';

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
    };
    await matchByKey(
      io,
      { records: given.left.of(numbered(left, names.left.learn(left))), key: on.map((pair) => readField(pair.left)) },
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

/** What has a record of the left comes first, in its order; then the records of the right that are left over. */
const MAIN = 0;
const REST = 1;

/** Remembers the first record that goes by. */
class FirstRecord {
  record: DataRecord | undefined;

  async *of(stream: Numbered): Numbered {
    for await (const batch of stream) {
      this.record ??= batch.records[0];
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
