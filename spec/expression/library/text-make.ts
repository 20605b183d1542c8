import { toText } from '../leave.ts';
import { Pattern } from '../pattern.ts';
import type { Run } from '../run.ts';
import { isMissing, textOf, wholeOf } from './arguments.ts';

/** What makes new texts and lists from a text; each result is accounted for before it is made. */
export function repeatText(run: Run, text: string, count: unknown): string {
  const times = Math.max(0, wholeOf(count, 'repeat', 0));
  run.allocateText(text.length * times);
  return text === '' ? '' : text.repeat(times);
}

export function padText(run: Run, text: string, length: unknown, fill: unknown, side: 'start' | 'end'): string {
  const wanted = Math.max(0, wholeOf(length, 'pad', 0));
  const filler = isMissing(fill) ? ' ' : textOf(run, fill, 'pad');
  if (wanted <= text.length || filler === '') return text;
  run.allocateText(wanted);
  return side === 'start' ? text.padStart(wanted, filler) : text.padEnd(wanted, filler);
}

export function truncateText(run: Run, text: string, length: unknown, ending: unknown): string {
  const most = Math.max(0, wholeOf(length, 'truncate', 100));
  if (text.length <= most) return text;
  const tail = isMissing(ending) ? '…' : textOf(run, ending, 'truncate');
  return text.slice(0, Math.max(0, most - tail.length)).trimEnd() + tail;
}

export function joinTexts(run: Run, list: readonly unknown[], separator: string): string {
  run.spend(list.length * 2);
  const texts: string[] = [];
  let length = 0;
  for (const item of list) {
    const text = toText(run, item);
    length += text.length + separator.length;
    if (length > run.limits.text) throw run.tooBig();
    texts.push(text);
  }
  run.allocateText(length + texts.length * 8);
  return texts.join(separator);
}

/** JavaScript's `split`, for text and patterns. */
export function splitText(run: Run, text: string, separator: unknown, most: number | undefined): unknown[] {
  if (separator instanceof Pattern) return splitByPattern(run, text, separator, most ?? Number.POSITIVE_INFINITY);
  const between = textOf(run, separator, 'split');
  if (between === '') run.allocate(text.length * 16);
  else run.allocate(text.length);
  const parts = text.split(between, most);
  run.allocate(parts.length * 16);
  return parts;
}

function splitByPattern(run: Run, text: string, pattern: Pattern, most: number): unknown[] {
  const parts: unknown[] = [];
  let from = 0;
  for (const match of pattern.matches(run, text)) {
    const isEmpty = match.end === match.index;
    if (isEmpty && (match.index >= text.length || match.index === from)) continue;
    run.allocate(match.index - from + 16);
    parts.push(text.slice(from, match.index), ...match.groups.slice(1));
    from = match.end;
    if (parts.length >= most) return parts.slice(0, most);
  }
  if (text !== '' || parts.length > 0 || !pattern.test(run, '')) parts.push(text.slice(from));
  return parts.slice(0, most === Number.POSITIVE_INFINITY ? undefined : most);
}
