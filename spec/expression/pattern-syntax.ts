import { ExpressionError } from './expression-error.ts';

/** What JavaScript calls white space; RE2's own `\s` knows only ASCII. */
const whiteSpace = '\\t-\\r \\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}';
const anythingButLineEnds = '[^\\n\\r\\x{2028}\\x{2029}]';

interface TranslatedPattern {
  readonly source: string;
  /**
   * True when a search may read far beyond the match that it finds, again for each match. That takes a repeat without
   * limit together with alternatives or repeated groups, as in `a*b|a`; where one way leads through the pattern, whatever
   * a repeat reads beyond the match holds no further match.
   */
  readonly readsAhead: boolean;
}

/** Rewrites a JavaScript pattern in RE2's syntax. Throws on what linear-time matching cannot do. */
export function translatePattern(pattern: string, dotAll: boolean): TranslatedPattern {
  const units = [...pattern];
  let out = '';
  let unbounded = false;
  let branches = false;
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] as string;
    if (unit === '\\') {
      const escaped = readEscape(units, i, false);
      out += escaped.text;
      i = escaped.last;
    } else if (unit === '[') {
      const characters = readClass(units, i);
      out += characters.text;
      i = characters.last;
    } else if (unit === '.') {
      out += dotAll ? '(?s:.)' : anythingButLineEnds;
    } else if (unit === '(' && units[i + 1] === '?') {
      const group = readGroupStart(units, i);
      out += group.text;
      i = group.last;
    } else {
      if (unit === '*' || unit === '+' || (unit === '{' && isOpenRepeat(units, i))) unbounded = true;
      if (unit === '|' || (unit === ')' && '?*+{'.includes(units[i + 1] ?? ' '))) branches = true;
      out += unit;
    }
  }
  return { source: out, readsAhead: unbounded && branches };
}

function isOpenRepeat(units: readonly string[], at: number): boolean {
  let i = at + 1;
  while (i < units.length && (units[i] as string) >= '0' && (units[i] as string) <= '9') i++;
  return i > at + 1 && units[i] === ',' && units[i + 1] === '}';
}

interface Piece {
  readonly text: string;
  /** Index of the last unit that was read. */
  readonly last: number;
  /** A class such as `\d`, which cannot be the end of a range. */
  readonly isClass?: boolean;
}

function readGroupStart(units: readonly string[], at: number): Piece {
  const third = units[at + 2];
  const fourth = units[at + 3];
  if (third === '=' || third === '!') throw unsupported('looking ahead, (?=...) or (?!...)');
  if (third === '<') {
    if (fourth === '=' || fourth === '!') throw unsupported('looking behind, (?<=...) or (?<!...)');
    return { text: '(?P<', last: at + 2 };
  }
  return { text: '(?', last: at + 1 };
}

function readClass(units: readonly string[], at: number): Piece {
  let i = at + 1;
  const negated = units[i] === '^';
  if (negated) i++;
  if (units[i] === ']') return { text: negated ? '(?s:.)' : '[^\\x00-\\x{10FFFF}]', last: i };
  let out = negated ? '[^' : '[';
  let afterClass = false;
  for (; i < units.length; i++) {
    const unit = units[i] as string;
    if (unit === ']') return { text: `${out}]`, last: i };
    if (unit === '\\') {
      const escaped = readEscape(units, i, true);
      out += escaped.text;
      i = escaped.last;
      afterClass = escaped.isClass === true;
      continue;
    }
    if (unit === '-' && (afterClass || isClassEscape(units, i + 1))) out += '\\-';
    else if (unit === '[') out += '\\[';
    else out += unit;
    afterClass = false;
  }
  throw new ExpressionError(
    'bad-pattern',
    'The pattern has a [ without its ].',
    'Add the missing ], or write \\[ for the character itself.',
  );
}

function isClassEscape(units: readonly string[], at: number): boolean {
  return units[at] === '\\' && 'dDwWsSpP'.includes(units[at + 1] ?? ' ');
}

function readEscape(units: readonly string[], at: number, inClass: boolean): Piece {
  const unit = units[at + 1];
  const last = at + 1;
  if (unit === undefined) {
    throw new ExpressionError(
      'bad-pattern',
      'The pattern ends with a lone \\.',
      'Write \\\\ for the character itself.',
    );
  }
  switch (unit) {
    case 's':
      return { text: inClass ? whiteSpace : `[${whiteSpace}]`, last, isClass: true };
    case 'S':
      return { text: inClass ? '\\S' : `[^${whiteSpace}]`, last, isClass: true };
    case 'd':
    case 'D':
    case 'w':
    case 'W':
      return { text: `\\${unit}`, last, isClass: true };
    case 'b':
      return { text: inClass ? '\\x08' : '\\b', last };
    case 'B':
    case 't':
    case 'n':
    case 'v':
    case 'f':
    case 'r':
      return { text: `\\${unit}`, last };
    case 'p':
    case 'P':
      return readProperty(units, at, unit);
    case 'x':
      return codePoint(units, at + 2, 2) ?? { text: 'x', last };
    case 'u':
      return readUnicode(units, at) ?? { text: 'u', last };
    case 'c': {
      const letter = units[at + 2] ?? '';
      if (/^[A-Za-z]$/.test(letter)) return { text: hex((letter.codePointAt(0) ?? 0) % 32), last: at + 2 };
      return { text: '\\\\c', last };
    }
    case 'k':
      throw unsupported('references to an earlier group, \\k<name>');
    case '0':
      return { text: '\\x00', last };
    default:
      if (unit >= '1' && unit <= '9') throw unsupported(`references to an earlier group, \\${unit}`);
      return { text: /^[\p{L}\p{N}_]$/u.test(unit) || unit > '\x7f' ? unit : `\\${unit}`, last };
  }
}

function readProperty(units: readonly string[], at: number, letter: string): Piece {
  const end = units[at + 2] === '{' ? units.indexOf('}', at + 3) : -1;
  if (end < 0) return { text: letter, last: at + 1 };
  const name = units
    .slice(at + 3, end)
    .join('')
    .replace(/^(?:Script|sc|General_Category|gc)=/, '');
  return { text: `\\${letter}{${name}}`, last: end, isClass: true };
}

function readUnicode(units: readonly string[], at: number): Piece | undefined {
  if (units[at + 2] === '{') {
    const end = units.indexOf('}', at + 3);
    const digits = units.slice(at + 3, end < 0 ? at + 3 : end).join('');
    return /^[0-9a-fA-F]{1,6}$/.test(digits) ? { text: `\\x{${digits}}`, last: end } : undefined;
  }
  const first = codePoint(units, at + 2, 4);
  if (first?.value === undefined || first.value < 0xd800 || first.value > 0xdbff) return first;
  if (units[first.last + 1] !== '\\' || units[first.last + 2] !== 'u') return first;
  const second = codePoint(units, first.last + 3, 4);
  if (second === undefined || second.value < 0xdc00 || second.value > 0xdfff) return first;
  const whole = (first.value - 0xd800) * 0x400 + (second.value - 0xdc00) + 0x10000;
  return { text: hex(whole), last: second.last };
}

function codePoint(units: readonly string[], from: number, length: number): (Piece & { value: number }) | undefined {
  const digits = units.slice(from, from + length).join('');
  if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const value = Number.parseInt(digits, 16);
  return { text: hex(value), last: from + length - 1, value };
}

function hex(value: number): string {
  return `\\x{${value.toString(16)}}`;
}

function unsupported(what: string): ExpressionError {
  return new ExpressionError(
    'bad-pattern',
    `Patterns here cannot use ${what}.`,
    'Match the surrounding text as well and take the part you need with a group, such as /id=(\\d+)/.',
  );
}
