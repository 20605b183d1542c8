import { z } from 'zod';
import { type DataRecord, field, NodeError, type StepIO } from '../../sdk/index.ts';
import { compare, moment, typeNames } from '../../spec/workflow/comparisons.ts';
import { durationMs } from '../../spec/workflow/duration.ts';
import { readPattern } from '../../spec/workflow/pattern.ts';
import { exactKey } from './exact-key.ts';
import { firstOfKey, withReference } from './key-positions.ts';
import type { PositionSet } from './position-set.ts';
import { type ReadField, readField } from './read-field.ts';
import { compareValues } from './value-order.ts';

const ruleNames = [
  'not-null',
  'unique',
  'accepted-values',
  'range',
  'pattern',
  'type',
  'refers-to',
  'custom',
  'row-count',
  'volume',
  'fresh',
] as const;

const ofField = ['not-null', 'unique', 'accepted-values', 'range', 'pattern', 'type', 'refers-to', 'fresh'] as const;

const only = (...is: readonly string[]) => ({ param: 'rule', is });

export const ruleSchema = field.group(
  {
    rule: field.choice(ruleNames, {
      label: 'Rule',
      scope: 'literal',
      options: [
        { value: 'not-null', label: 'is filled in' },
        { value: 'unique', label: 'occurs only once' },
        { value: 'accepted-values', label: 'is one of' },
        { value: 'range', label: 'lies between' },
        { value: 'pattern', label: 'has the form' },
        { value: 'type', label: 'is of type' },
        { value: 'refers-to', label: 'exists in the reference input' },
        { value: 'custom', label: 'fulfils a formula' },
        { value: 'row-count', label: 'number of records' },
        { value: 'volume', label: 'as many records as usual' },
        { value: 'fresh', label: 'newest is recent' },
      ],
    }),
    field: field.fieldName({ label: 'Field', required: true, showWhen: only(...ofField) }).optional(),
    values: field
      .of(z.array(z.unknown()).min(1), 'json', {
        label: 'Accepted values',
        scope: 'step',
        required: true,
        showWhen: only('accepted-values'),
      })
      .optional(),
    min: field
      .of(z.union([z.number(), z.string()]), 'number', {
        label: 'At least',
        scope: 'step',
        showWhen: only('range', 'row-count'),
      })
      .optional(),
    max: field
      .of(z.union([z.number(), z.string()]), 'number', {
        label: 'At most',
        scope: 'step',
        showWhen: only('range', 'row-count'),
      })
      .optional(),
    pattern: field
      .text({
        label: 'Pattern',
        scope: 'literal',
        help: 'A regular expression.',
        pattern: true,
        required: true,
        showWhen: only('pattern'),
      })
      .optional(),
    type: field
      .choice(typeNames, { label: 'Type', scope: 'literal', required: true, showWhen: only('type') })
      .optional(),
    to: field
      .fieldName({ label: 'Field of the reference', help: 'The same name if left empty.', showWhen: only('refers-to') })
      .optional(),
    formula: field
      .json({
        label: 'Formula',
        scope: 'own',
        help: 'Must be true for each record.',
        required: true,
        showWhen: only('custom'),
      })
      .optional(),
    within: field.duration({ label: 'Not older than', required: true, showWhen: only('fresh') }).optional(),
    deviation: field
      .number({
        label: 'May differ by',
        min: 0,
        scope: 'step',
        help: 'Percent of the average of the last runs.',
        showWhen: only('volume'),
      })
      .optional(),
    message: field
      .text({ label: 'Message', scope: 'literal', advanced: true, help: 'Said instead of the usual words.' })
      .optional(),
  },
  { label: 'Rule' },
);

export type Rule = z.output<typeof ruleSchema>;

/** Why a value breaks a rule; undefined if it does not. */
export type RecordRule = (record: DataRecord, position: number) => string | undefined;

/** Rules for single records. Empty values break `not-null` only, as in databases. */
export async function recordRule<P>(rule: Rule, io: StepIO<P>): Promise<RecordRule> {
  if (rule.rule === 'custom') return customRule(rule, io);
  const name = required(rule, rule.field, 'Field');
  const read = readField(name);
  if (rule.rule === 'unique')
    return keyRule(read, await firstOfKey(io, read), (value) => `${name} ${value} came before`);
  if (rule.rule === 'refers-to') {
    const to = rule.to ?? name;
    const known = await withReference(io, read, readField(to));
    return keyRule(read, known, (value) => `${name} ${value} is not in the reference (${to})`);
  }
  const breaks = valueRule(rule, name, io.ctx.run.zone);
  if (rule.rule === 'not-null') return (record) => breaks(read(record) ?? null);
  return (record) => {
    const value = read(record) ?? null;
    return value === null ? undefined : breaks(value);
  };
}

function customRule<P>(rule: Rule, io: StepIO<P>): RecordRule {
  const formula = required(rule, rule.formula, 'Formula');
  const words = typeof formula === 'string' ? formula.replace(/^=\{\{\s*|\s*\}\}$/g, '') : 'the formula';
  const holds = io.prepare(formula);
  return (record, position) => (holds(record, position) === true ? undefined : `${words} is not true`);
}

/** A rule that looks at all keys, which was decided before: the records at these positions keep it. */
function keyRule(read: ReadField, keeping: PositionSet, words: (value: string) => string): RecordRule {
  return (record, position) => {
    const value = read(record) ?? null;
    return value === null || keeping.has(position) ? undefined : words(shown(value));
  };
}

function valueRule(rule: Rule, name: string, zone: string): (value: unknown) => string | undefined {
  switch (rule.rule) {
    case 'not-null':
      return (value) => (value === null || value === '' ? `${name} is empty` : undefined);
    case 'accepted-values': {
      const values = required(rule, rule.values, 'Accepted values');
      const keys = new Set(values.map(exactKey));
      const list = values.slice(0, 10).map(shown).join(', ');
      return (value) => (keys.has(exactKey(value)) ? undefined : `${name} ${shown(value)} is not one of ${list}`);
    }
    case 'range':
      return rangeRule(rule, name);
    case 'pattern': {
      const source = required(rule, rule.pattern, 'Pattern');
      const pattern = readPattern(source);
      if ('message' in pattern)
        throw wrongRule(rule, `The pattern "${source}" cannot be used: ${pattern.message}.`, pattern.remedy, 'Pattern');
      return (value) =>
        typeof value !== 'object' && pattern.test(String(value))
          ? undefined
          : `${name} ${shown(value)} does not have the form ${source}`;
    }
    default: {
      const type = required(rule, rule.type, 'Type');
      return (value) =>
        compare['is-type'](value, type, { loose: false, zone })
          ? undefined
          : `${name} ${shown(value)} is not of type ${type}`;
    }
  }
}

/** Numbers with numbers, texts (dates too) with texts; a value of another type is outside. */
function rangeRule({ min, max, ...rule }: Rule, name: string): (value: unknown) => string | undefined {
  if (min === undefined && max === undefined)
    throw wrongRule(rule, `The range of ${name} has no end.`, 'Fill in At least or At most.', 'At least');
  const type = typeof (min ?? max);
  const kind = type === 'number' ? 'number' : 'text';
  return (value) => {
    if (typeof value !== type) return `${name} ${shown(value)} is not a ${kind}`;
    if (min !== undefined && compareValues(value, min) < 0) return `${name} ${shown(value)} is less than ${min}`;
    if (max !== undefined && compareValues(value, max) > 0) return `${name} ${shown(value)} is more than ${max}`;
    return undefined;
  };
}

/** A rule over the whole: looks at each record, and says at the end what is wrong. */
export interface WholeRule {
  look(record: DataRecord): void;
  /** `count`: of all records. */
  finish(count: number): Promise<string | undefined>;
}

export const wholeRules: ReadonlySet<string> = new Set(['row-count', 'volume', 'fresh']);

const ignore = () => {};

export function wholeRule<P>(rule: Rule, io: StepIO<P>, index: number): WholeRule {
  if (rule.rule === 'row-count') return rowCount(rule);
  if (rule.rule === 'volume') return volume(io, rule.deviation ?? 50, `volume-${index}`);
  return fresh(rule, io);
}

function rowCount(rule: Rule): WholeRule {
  const min = Number(rule.min ?? 0);
  const max = Number(rule.max ?? Number.POSITIVE_INFINITY);
  if (rule.min === undefined && rule.max === undefined)
    throw wrongRule(rule, 'The number of records has no limit.', 'Fill in At least or At most.', 'At least');
  return {
    look: ignore,
    finish: async (count) => {
      if (count < min) return `There are ${count} records; at least ${min} were expected`;
      return count > max ? `There are ${count} records; at most ${max} were expected` : undefined;
    },
  };
}

/** Runs whose counts are remembered, and how many of them make a habit. */
const REMEMBERED = 20;
const ENOUGH = 3;

/** Compares with the average of the last runs that succeeded; says nothing before there have been a few. */
function volume<P>(io: StepIO<P>, deviation: number, key: string): WholeRule {
  return {
    look: ignore,
    finish: async (count) => {
      const kept = await io.ctx.memory.get(key);
      const history = Array.isArray(kept) ? (kept as number[]) : [];
      io.ctx.memory.set(key, [...history, count].slice(-REMEMBERED));
      if (history.length < ENOUGH) return undefined;
      const usual = history.reduce((sum, one) => sum + one, 0) / history.length;
      if (Math.abs(count - usual) <= (usual * deviation) / 100) return undefined;
      return `There are ${count} records; usually about ${Math.round(usual)}`;
    },
  };
}

function fresh<P>(rule: Rule, io: StepIO<P>): WholeRule {
  const name = required(rule, rule.field, 'Field');
  const within = required(rule, rule.within, 'Not older than');
  const limit = durationMs(within) ?? 0;
  const read = readField(name);
  let newest: number | undefined;
  return {
    look: (record) => {
      const at = moment(read(record), io.ctx.run.zone);
      if (at !== undefined && (newest === undefined || at > newest)) newest = at;
    },
    finish: async () => {
      if (newest === undefined) return `No record has a date in ${name}`;
      if (io.ctx.now() - newest <= limit) return undefined;
      return `The newest ${name} is ${new Date(newest).toISOString()}, older than ${within}`;
    },
  };
}

function required<T>(rule: Pick<Rule, 'rule'>, value: T | undefined, label: string): T {
  if (value !== undefined) return value;
  throw wrongRule(rule, `The rule "${rule.rule}" does not say: ${label}.`, `Fill in ${label}.`, label);
}

function wrongRule(rule: Pick<Rule, 'rule'>, message: string, remedy: string, label: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'check-rule-incomplete',
    message,
    remedy,
    field: label,
    details: { rule: rule.rule },
  });
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
