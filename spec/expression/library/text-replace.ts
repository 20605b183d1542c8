import { type Match, Pattern } from '../pattern.ts';
import type { Run } from '../run.ts';
import { Lambda } from '../values.ts';
import { needs, textOf } from './arguments.ts';

/** JavaScript's `replace` and `replaceAll`, with its `$1`, `$<name>` and `$&`. */
export function replaceText(
  run: Run,
  text: string,
  wanted: unknown,
  replacement: unknown,
  all: boolean,
  who: string,
): string {
  const matches =
    wanted instanceof Pattern ? wanted.matches(run, text) : plainMatches(run, text, textOf(run, wanted, who));
  const everything = all || (wanted instanceof Pattern && wanted.global);
  const names = wanted instanceof Pattern ? wanted.groupNames : [];
  const write = writer(run, text, replacement, names, who);
  let result = '';
  let from = 0;
  for (const match of matches) {
    const part = text.slice(from, match.index) + write(match);
    run.allocate(part.length + 16);
    if (result.length + part.length + text.length - match.end > run.limits.text) throw run.tooBig();
    result += part;
    from = match.end;
    if (!everything) break;
  }
  return result + text.slice(from);
}

/** Each place where a plain text occurs, not overlapping; an empty text is found between all characters. */
function* plainMatches(run: Run, text: string, wanted: string): Generator<Match, void, undefined> {
  run.spend(text.length >> 3);
  let from = 0;
  for (;;) {
    run.spend(3);
    const index = text.indexOf(wanted, from);
    if (index < 0) return;
    yield { index, end: index + wanted.length, groups: [wanted] };
    from = index + Math.max(1, wanted.length);
    if (from > text.length) return;
  }
}

function writer(
  run: Run,
  text: string,
  replacement: unknown,
  names: Pattern['groupNames'],
  who: string,
): (match: Match) => string {
  if (replacement instanceof Lambda) {
    return (match) => {
      const named = names.length > 0 ? [namedGroups(match, names)] : [];
      return textOf(run, replacement.call(run, [...match.groups, match.index, text, ...named]), who);
    };
  }
  if (replacement !== undefined && replacement !== null && typeof replacement === 'object') {
    throw needs(who, 'a text or a function to put in', replacement, "Give a text such as 'new'.");
  }
  const template = textOf(run, replacement, who);
  if (!template.includes('$')) return () => template;
  return (match) => expand(run, template, match, text, names);
}

/** The groups by name, as JavaScript's `match.groups`. */
export function namedGroups(match: Match, names: Pattern['groupNames']): Record<string, string | undefined> {
  const groups: Record<string, string | undefined> = Object.create(null);
  for (const [name, index] of names) groups[name] = match.groups[index];
  return groups;
}

function expand(run: Run, template: string, match: Match, text: string, names: Pattern['groupNames']): string {
  run.spend(template.length);
  let out = '';
  for (let i = 0; i < template.length; i++) {
    const piece = template[i] === '$' ? reference(template, i, match, text, names) : undefined;
    const added = piece?.text ?? template[i] ?? '';
    run.allocate(added.length);
    if (out.length + added.length > run.limits.text) throw run.tooBig();
    out += added;
    if (piece) i = piece.last;
  }
  return out;
}

function reference(
  template: string,
  at: number,
  match: Match,
  text: string,
  names: Pattern['groupNames'],
): { text: string; last: number } | undefined {
  const next = template[at + 1];
  switch (next) {
    case '$':
      return { text: '$', last: at + 1 };
    case '&':
      return { text: match.groups[0] ?? '', last: at + 1 };
    case '`':
      return { text: text.slice(0, match.index), last: at + 1 };
    case "'":
      return { text: text.slice(match.end), last: at + 1 };
    case '<': {
      const end = template.indexOf('>', at);
      if (names.length === 0 || end < 0) return undefined;
      const index = names.find(([name]) => name === template.slice(at + 2, end))?.[1];
      return { text: (index === undefined ? undefined : match.groups[index]) ?? '', last: end };
    }
    default:
  }
  for (const length of [2, 1]) {
    const digits = template.slice(at + 1, at + 1 + length);
    const index = digits.length === length && /^\d+$/.test(digits) ? Number(digits) : 0;
    if (index > 0 && index < match.groups.length) return { text: match.groups[index] ?? '', last: at + length };
  }
  return undefined;
}
