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
  return list.flatMap((entry, i) => {
    const at = place.at(key, key).at(i);
    const words = place.at(i);
    if (isRecord(entry) && ('all' in entry || 'any' in entry)) return checkConditions(entry, at, depth + 1);
    return checkCondition(entry, at, words);
  });
}

/** @param at where it stands in the document. @param words the same in fewer words. */
function checkCondition(entry: unknown, at: Place, words: Place): Finding[] {
  if (!isRecord(entry))
    return [bad(at, `must be a condition, not ${shown(entry)}`, 'Write { "left", "is", "right" }.', words)];
  const { left, is, right, loose, ...unknown } = entry;
  const found: Finding[] = [];
  for (const key in unknown) {
    const nearest = closest(key, ['left', 'is', 'right', 'loose']);
    found.push(
      bad(
        at.at(key),
        `has no part "${key}"`,
        nearest === undefined ? 'Remove it.' : `Did you mean "${nearest}"?`,
        words,
      ),
    );
  }
  if (left === undefined || left === '') {
    found.push(
      bad(at.at('left'), 'does not say what to compare', 'Choose a column or write a value on the left.', words),
    );
  }
  if (typeof loose !== 'boolean' && loose !== undefined) {
    found.push(bad(at.at('loose'), 'has a "loose" that is neither true nor false', 'Write true or false.', words));
  }
  if (!isComparison(is)) {
    const nearest = typeof is === 'string' ? closest(is, comparisons) : undefined;
    const remedy = nearest === undefined ? `Choose ${oneOf(comparisons)}.` : `Did you mean "${nearest}"?`;
    found.push(
      bad(at.at('is'), is === undefined ? 'has no comparison' : `cannot compare with ${shown(is)}`, remedy, words),
    );
    return found;
  }
  found.push(...checkRight(is, right, at.at('right'), words));
  return found;
}

function checkRight(is: Comparison, right: unknown, at: Place, words: Place): Finding[] {
  if (needsNoRight.has(is) || isTemplate(right)) return [];
  if (right === undefined) {
    return [
      bad(at, `does not say what to compare with ("${is}")`, 'Write a value or choose a column on the right.', words),
    ];
  }
  switch (is) {
    case 'in':
    case 'not-in':
      if (Array.isArray(right)) return [];
      return [bad(at, `needs a list on the right, not ${shown(right)}`, 'Write a list such as ["DE", "AT"].', words)];
    case 'before':
    case 'after':
      if (moment(right, 'utc') !== undefined) return [];
      return [bad(at, `needs a date on the right, not ${shown(right)}`, 'Write a date such as 2026-01-31.', words)];
    case 'is-type':
      if ((typeNames as readonly unknown[]).includes(right)) return [];
      return [
        bad(at, `names a kind of value that is not known: ${shown(right)}`, `Choose ${oneOf(typeNames)}.`, words),
      ];
    case 'matches':
      return checkPattern(right, at, words);
    default:
      return [];
  }
}

function checkPattern(right: unknown, at: Place, words: Place): Finding[] {
  if (typeof right !== 'string') {
    return [bad(at, `needs a pattern on the right, not ${shown(right)}`, 'Write a regular expression as text.', words)];
  }
  const read = readPattern(right);
  if ('test' in read) return [];
  return [
    { ...bad(at, `has a pattern that cannot be used: ${read.message}`, read.remedy, words), code: 'bad-pattern' },
  ];
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
