import type { ColumnProfile, ValueKind } from '../../spec/api/profile.ts';
import { formatCount } from './format.ts';

const kindWords: Readonly<Record<ValueKind, string>> = {
  text: 'text',
  number: 'number',
  boolean: 'true or false',
  list: 'list',
  object: 'object',
  file: 'file',
};

/** "text", or "text and number" where values of several kinds occur; "always empty" if there are none. */
export function kindsOf({ kinds }: ColumnProfile): string {
  const found = Object.entries(kinds)
    .sort(([, a], [, b]) => b - a)
    .map(([kind]) => kindWords[kind as ValueKind]);
  if (found.length === 0) return 'always empty';
  const last = found.pop() ?? '';
  return found.length === 0 ? last : `${found.join(', ')} and ${last}`;
}

/** Share of the records, such as "12%"; what is there is never 0%, what is not all never 100%. */
export function shareOf(count: number, total: number): string {
  if (count === 0 || total === 0) return '0%';
  if (count === total) return '100%';
  const share = (count / total) * 100;
  return share < 1 ? 'under 1%' : share > 99 ? 'over 99%' : `${Math.round(share)}%`;
}

/** The few words below a column's name: what stands out about it. */
export function noteOf(column: ColumnProfile, total: number): string {
  const empty = column.nulls + column.missing;
  const { count, isExact } = column.distinct;
  const values = total - empty;
  const parts: string[] = [];
  if (Object.keys(column.kinds).length !== 1) parts.push(kindsOf(column));
  if (empty > 0 && values > 0) parts.push(`${shareOf(empty, total)} empty`);
  if (values > 1) {
    if (count === 1) parts.push('all the same');
    else if (isExact && count === values) parts.push('all different');
    else if (!isExact && count > values * 0.95) parts.push('nearly all different');
    else parts.push(`${distinctWords(column)} different`);
  }
  return parts.join(', ');
}

/** "40", or "about 12,300" where it is an estimate: no more digits than it is good for. */
export function distinctWords({ distinct: { count, isExact } }: ColumnProfile): string {
  if (isExact) return formatCount(count);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return `about ${formatCount(Math.round(count / step) * step)}`;
}
