import { z } from 'zod';
import {
  Breath,
  type DataRecord,
  defineNode,
  field,
  isRecordFault,
  NodeError,
  origin,
  rejectedRecord,
  type StepIO,
  stream,
} from '../../sdk/index.ts';
import {
  type RecordRule,
  type Rule,
  recordRule,
  ruleSchema,
  type WholeRule,
  wholeRule,
  wholeRules,
} from './check-rules.ts';

const SAMPLE = 10;

const params = z.strictObject({
  rules: field.list(ruleSchema, { label: 'Rules', scope: 'step' }),
  tolerate: field
    .of(
      z.union([
        z.number().min(0),
        z.string().regex(/^\d+(\.\d+)?\s*%?$/, 'Write a number such as 5, or a share such as 2%'),
      ]),
      'text',
      {
        label: 'Tolerate',
        scope: 'step',
        placeholder: '2%',
        help: 'How many records may be rejected before the branch fails: a number, or a share such as "2%". With "100%" the good records always go on.',
      },
    )
    .default(0),
});

type Params = z.output<typeof params>;

export default defineNode(
  {
    type: 'check',
    version: 1,
    title: 'Check',
    summary: 'Hold back records that break the rules',
    description:
      'Lets the records through that keep all rules and holds the others back with the reason. Fails its branch when more are held back than is tolerated, or when the whole is not as it should be. Of records that occur twice the first one passes.',
    connector: 'data',
    category: 'data',
    keywords: ['validate', 'test', 'quality', 'assert', 'expectation', 'bad rows', 'rules', 'volume', 'fresh'],
    params,
    inputs: [
      { name: 'input', many: true },
      { name: 'reference', label: 'Reference', many: true, optional: true },
    ],
    outputs: ['passed', 'rejected'],
    examples: [
      {
        title: 'Customers with an address, each once',
        params: {
          rules: [
            { rule: 'not-null', field: 'email' },
            { rule: 'unique', field: 'id' },
          ],
          tolerate: '100%',
        },
        input: [
          { id: 1, email: 'a@b.c' },
          { id: 2, email: null },
          { id: 1, email: 'd@e.f' },
        ],
        output: {
          passed: [{ id: 1, email: 'a@b.c' }],
          rejected: [
            {
              id: 2,
              email: null,
              _rejected: {
                code: 'check-not-null',
                message: 'email is empty.',
                remedy: 'Correct the record and send it again.',
                field: 'email',
              },
            },
            {
              id: 1,
              email: 'd@e.f',
              _rejected: {
                code: 'check-unique',
                message: 'id 1 came before.',
                remedy: 'Correct the record and send it again.',
                field: 'id',
              },
            },
          ],
        },
      },
    ],
  },
  stream(async (io) => {
    const { rules, tolerate } = io.stepParams();
    const single: SingleRule[] = [];
    for (const rule of rules) {
      if (!wholeRules.has(rule.rule)) single.push({ rule, breaks: await recordRule(rule, io) });
    }
    const whole = rules.flatMap((rule, i) =>
      wholeRules.has(rule.rule) ? [{ rule, check: wholeRule(rule, io, i) }] : [],
    );
    const held = await checkRecords(
      io,
      single,
      whole.map(({ check }) => check),
    );
    const problems: string[] = [];
    for (const { rule, check } of whole) {
      const problem = await check.finish(io.input().count);
      if (problem !== undefined) problems.push(rule.message ?? problem);
    }
    fail(problems, held, io.input().count, tolerate);
  }),
);

interface Held {
  count: number;
  readonly byRule: Record<string, number>;
  readonly sample: DataRecord[];
}

interface SingleRule {
  readonly rule: Rule;
  readonly breaks: RecordRule;
}

async function checkRecords(
  io: StepIO<Params>,
  rules: readonly SingleRule[],
  whole: readonly WholeRule[],
): Promise<Held> {
  const held: Held = { count: 0, byRule: {}, sample: [] };
  const input = io.input();
  const breath = new Breath();
  for await (const { records, start } of input.batches()) {
    const passed: DataRecord[] = [];
    const rejected: DataRecord[] = [];
    const passedFrom: number[] = [];
    const rejectedFrom: number[] = [];
    for (let i = 0; i < records.length; i++) {
      const record = records[i] as DataRecord;
      for (const check of whole) check.look(record);
      const fault = faultOf(record, start + i, rules, held);
      if (fault === undefined) {
        passed.push(record);
        passedFrom.push(origin(input.slot, start + i));
      } else {
        const marked = rejectedRecord(record, fault);
        held.count++;
        if (held.sample.length < SAMPLE) held.sample.push(marked);
        rejected.push(marked);
        rejectedFrom.push(origin(input.slot, start + i));
      }
      if (breath.due()) await breath.pause();
    }
    if (passed.length > 0) await io.emit('passed', passed, passedFrom);
    if (rejected.length > 0) await io.emit('rejected', rejected, rejectedFrom);
  }
  return held;
}

/** All rules that the record breaks, told as one: the first one gives the code and the field. */
function faultOf(record: DataRecord, position: number, rules: readonly SingleRule[], held: Held): unknown {
  let first: Rule | undefined;
  const reasons: string[] = [];
  for (const { rule, breaks } of rules) {
    let reason: string | undefined;
    try {
      reason = breaks(record, position);
    } catch (error) {
      if (!isRecordFault(error)) throw error;
      reason = error instanceof Error ? error.message : String(error);
    }
    if (reason === undefined) continue;
    first ??= rule;
    reasons.push((rule.message ?? reason).replace(/\.$/, ''));
    held.byRule[rule.rule] = (held.byRule[rule.rule] ?? 0) + 1;
  }
  if (first === undefined) return undefined;
  return new NodeError({
    class: 'bad-data',
    code: `check-${first.rule}`,
    message: `${reasons.join('; ')}.`,
    remedy: 'Correct the record and send it again.',
    field: first.field,
  });
}

function fail(problems: readonly string[], held: Held, total: number, tolerate: Params['tolerate']): void {
  const reasons = [...problems];
  const tooMany = held.count > tolerated(tolerate, total);
  if (tooMany) {
    const rules = Object.entries(held.byRule).map(([rule, count]) => `${rule}: ${count}`);
    reasons.push(`${held.count} of ${total} records break the rules (${rules.join(', ')})`);
  }
  if (reasons.length === 0) return;
  throw new NodeError({
    class: 'bad-data',
    code: 'check-failed',
    message: `${reasons.join('. ')}.`,
    remedy: tooMany
      ? 'Look at the records held back, correct them at their source, and run again; or tolerate more.'
      : 'Look at the step that these records come from: what it read may be incomplete or out of date.',
    details: { rejected: held.count, of: total, byRule: held.byRule, sample: held.sample },
  });
}

function tolerated(tolerate: Params['tolerate'], total: number): number {
  if (typeof tolerate === 'number') return tolerate;
  const number = Number.parseFloat(tolerate);
  return tolerate.endsWith('%') ? (total * number) / 100 : number;
}
