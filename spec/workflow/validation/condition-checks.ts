import { closest } from '../../expression/suggest.ts';
import { isTemplate } from '../../expression/template.ts';
import { moment, needsNoRight, typeNames } from '../comparisons.ts';
import { type Comparison, comparisons } from '../conditions.ts';
import { readPattern } from '../pattern.ts';
import { isRecord } from '../record.ts';
import { oneOf, shown } from './form-fault.ts';
import type { Finding, Place } from './place.ts';

const deepest = 20;

/** Whether a value has the form of `{ all: [...] }` or `{ any: [...] }`, and each condition in it can be judged. */
export function checkConditions(value: unknown, place: Place, depth = 0): Finding[] {
  const list = isRecord(value) ? (value.all ?? value.any) : undefined;
  const key = isRecord(value) && 'all' in value ? 'all' : 'any';
  if (!isRecord(value) || !Array.isArray(list) || Object.keys(value).length !== 1) {
    return [
      bad(
        place,
        `must be a list of conditions, not ${shown(value)}`,
        'Write { "all": [ ... ] } or { "any": [ ... ] }.',
      ),
    ];
  }
  if (depth > deepest) return [bad(place, 'has groups nested too deeply', 'Use fewer levels.')];
  if (list.length === 0) {
    return [
      {
        code: 'missing-parameter',
        place,
        message: `${start(place)} has no condition yet.`,
        remedy: 'Add a condition.',
      },
    ];
  }
  const within = place.at(key, key);
  return list.flatMap((entry, i) => {
    if (isRecord(entry) && ('all' in entry || 'any' in entry)) return checkConditions(entry, within.at(i), depth + 1);
    return checkCondition(entry, (part, message, remedy) => {
      const at = part === undefined ? within.at(i) : within.at(i).at(part);
      return bad(at, message, remedy, place.at(i));
    });
  });
}

/** What is wrong with a condition, or with a part of it, at its place in the document, and said in fewer words than that. */
type Fault = (part: string | undefined, message: string, remedy: string) => Finding;

const parts: ReadonlySet<string> = new Set(['left', 'is', 'right', 'loose']);

function checkCondition(entry: unknown, fault: Fault): Finding[] {
  if (!isRecord(entry))
    return [fault(undefined, `must be a condition, not ${shown(entry)}`, 'Write { "left", "is", "right" }.')];
  const { left, is, right, loose } = entry;
  const found: Finding[] = [];
  for (const key in entry) {
    if (parts.has(key)) continue;
    const nearest = closest(key, parts);
    found.push(fault(key, `has no part "${key}"`, nearest === undefined ? 'Remove it.' : `Did you mean "${nearest}"?`));
  }
  if (left === undefined || left === '') {
    found.push(fault('left', 'does not say what to compare', 'Choose a column or write a value on the left.'));
  }
  if (typeof loose !== 'boolean' && loose !== undefined) {
    found.push(fault('loose', 'has a "loose" that is neither true nor false', 'Write true or false.'));
  }
  if (!isComparison(is)) {
    const nearest = typeof is === 'string' ? closest(is, comparisons) : undefined;
    const remedy = nearest === undefined ? `Choose ${oneOf(comparisons)}.` : `Did you mean "${nearest}"?`;
    found.push(fault('is', is === undefined ? 'has no comparison' : `cannot compare with ${shown(is)}`, remedy));
    return found;
  }
  const wrong = checkRight(is, right, fault);
  if (wrong !== undefined) found.push(wrong);
  return found;
}

function checkRight(is: Comparison, right: unknown, fault: Fault): Finding | undefined {
  if (needsNoRight.has(is) || isTemplate(right)) return undefined;
  if (right === undefined) {
    return fault(
      'right',
      `does not say what to compare with ("${is}")`,
      'Write a value or choose a column on the right.',
    );
  }
  switch (is) {
    case 'in':
    case 'not-in':
      if (Array.isArray(right)) return undefined;
      return fault('right', `needs a list on the right, not ${shown(right)}`, 'Write a list such as ["DE", "AT"].');
    case 'before':
    case 'after':
      if (moment(right, 'utc') !== undefined) return undefined;
      return fault('right', `needs a date on the right, not ${shown(right)}`, 'Write a date such as 2026-01-31.');
    case 'is-type':
      if ((typeNames as readonly unknown[]).includes(right)) return undefined;
      return fault('right', `names a kind of value that is not known: ${shown(right)}`, `Choose ${oneOf(typeNames)}.`);
    case 'matches':
      return checkPattern(right, fault);
    default:
      return undefined;
  }
}

function checkPattern(right: unknown, fault: Fault): Finding | undefined {
  if (typeof right !== 'string') {
    return fault('right', `needs a pattern on the right, not ${shown(right)}`, 'Write a regular expression as text.');
  }
  const read = readPattern(right);
  if ('test' in read) return undefined;
  return { ...fault('right', `has a pattern that cannot be used: ${read.message}`, read.remedy), code: 'bad-pattern' };
}

function isComparison(value: unknown): value is Comparison {
  return (comparisons as readonly unknown[]).includes(value);
}

function bad(place: Place, message: string, remedy: string, words = place): Finding {
  return { code: 'bad-condition', place, message: `${start(words)} ${message}.`, remedy };
}

function start(place: Place): string {
  return place
    .words()
    .replace(/^entry/, 'Condition')
    .replace(/" in entry /g, '" in condition ');
}
