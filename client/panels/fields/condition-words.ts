import type { Comparison } from '../../../spec/workflow/conditions.ts';

export type ValueType = 'text' | 'number' | 'boolean' | 'date' | 'list' | 'other';

interface Words {
  readonly is: Comparison;
  readonly word: string;
  /** Types for which it is offered first. */
  readonly types: readonly ValueType[];
  /** What stands on the right. */
  readonly right: 'value' | 'list' | 'type' | 'none';
}

/** Comparisons as people say them, in the order in which they are offered. */
export const comparisonWords: readonly Words[] = [
  { is: 'equals', word: 'is', types: ['text', 'number', 'date', 'other'], right: 'value' },
  { is: 'not-equals', word: 'is not', types: ['text', 'number', 'date', 'other'], right: 'value' },
  { is: 'contains', word: 'contains', types: ['text', 'list'], right: 'value' },
  { is: 'not-contains', word: 'does not contain', types: ['text', 'list'], right: 'value' },
  { is: 'starts-with', word: 'starts with', types: ['text'], right: 'value' },
  { is: 'ends-with', word: 'ends with', types: ['text'], right: 'value' },
  { is: 'greater-than', word: 'is greater than', types: ['number'], right: 'value' },
  { is: 'greater-or-equal', word: 'is at least', types: ['number'], right: 'value' },
  { is: 'less-than', word: 'is less than', types: ['number'], right: 'value' },
  { is: 'less-or-equal', word: 'is at most', types: ['number'], right: 'value' },
  { is: 'before', word: 'is before', types: ['date'], right: 'value' },
  { is: 'after', word: 'is after', types: ['date'], right: 'value' },
  { is: 'is-true', word: 'is true', types: ['boolean'], right: 'none' },
  { is: 'is-false', word: 'is false', types: ['boolean'], right: 'none' },
  { is: 'in', word: 'is one of', types: ['text', 'number'], right: 'list' },
  { is: 'not-in', word: 'is none of', types: ['text', 'number'], right: 'list' },
  { is: 'is-empty', word: 'is empty', types: ['text', 'number', 'date', 'list', 'boolean', 'other'], right: 'none' },
  {
    is: 'is-not-empty',
    word: 'is not empty',
    types: ['text', 'number', 'date', 'list', 'boolean', 'other'],
    right: 'none',
  },
  { is: 'matches', word: 'matches the pattern', types: ['text'], right: 'value' },
  { is: 'is-type', word: 'is of type', types: ['other'], right: 'type' },
];

export const typeNames = ['text', 'number', 'integer', 'boolean', 'list', 'object', 'date', 'empty'];

export function rightOf(is: Comparison): Words['right'] {
  return comparisonWords.find((entry) => entry.is === is)?.right ?? 'value';
}

/** The comparisons that make sense for a value first, then the others. */
export function comparisonGroups(
  type: ValueType | undefined,
): { group: string; items: { value: string; label: string }[] }[] {
  const items = (fits: boolean) =>
    comparisonWords
      .filter((entry) => (type === undefined || entry.types.includes(type)) === fits)
      .map(({ is, word }) => ({ value: is, label: word }));
  const others = items(false);
  return [
    { group: type === undefined ? 'Compare' : `For a ${type === 'other' ? 'value' : type}`, items: items(true) },
    ...(others.length > 0 ? [{ group: 'Others', items: others }] : []),
  ];
}

export function valueType(value: unknown): ValueType | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$/.test(value) ? 'date' : 'text';
  return 'other';
}
