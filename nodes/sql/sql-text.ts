import { NodeError } from '../../sdk/index.ts';

/** What differs in how dialects write SQL text. */
export interface Lexis {
  /** `$tag$ ... $tag$` texts. */
  readonly dollarQuotes: boolean;
  /** `\'` inside quotes; otherwise only in `E'...'`. */
  readonly backslashes: boolean;
  /** `#` starts a comment. */
  readonly hashComments: boolean;
  /** Comments inside comments. */
  readonly nestedComments: boolean;
  /** Text of the n-th bound value, counted from 1. */
  placeholder(position: number): string;
  /** Whether one placeholder may stand in several places. */
  readonly reusable: boolean;
}

/** A statement for the driver: text with placeholders, and the values beside it. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Part = { readonly kind: 'text' | 'name' | 'end'; readonly text: string };

/** Binds `:named` values: the SQL text never holds a value. A list inside `in (...)` becomes one placeholder an entry. */
export function bindNamed(sql: string, values: Readonly<Record<string, unknown>>, lexis: Lexis): Statement {
  const bound: unknown[] = [];
  const places = new Map<string, string>();
  const place = (value: unknown): string => lexis.placeholder(bound.push(value));
  let text = '';
  for (const part of parts(sql, lexis)) {
    if (part.kind !== 'name') {
      text += part.text;
      continue;
    }
    const value = namedValue(part.text, values);
    if (Array.isArray(value) && IN_LIST.test(text)) {
      text += value.length === 0 ? emptyList(part.text, text) : value.map(place).join(', ');
      continue;
    }
    const known = lexis.reusable ? places.get(part.text) : undefined;
    const written = known ?? place(value);
    places.set(part.text, written);
    text += written;
  }
  return { text, values: bound };
}

/** The statements of a text. What defines a routine or trigger is left whole, for its body has semicolons of its own. */
export function splitStatements(sql: string, lexis: Lexis): string[] {
  if (ROUTINE.test(sql)) return [sql];
  const statements: string[] = [];
  let text = '';
  let hasWords = false;
  const finish = () => {
    if (hasWords) statements.push(text.trim());
    text = '';
    hasWords = false;
  };
  for (const part of parts(sql, lexis)) {
    if (part.kind === 'end') {
      finish();
      continue;
    }
    text += part.kind === 'name' ? `:${part.text}` : part.text;
    hasWords ||= part.kind === 'name' || (part.text.trim() !== '' && !isComment(part.text, lexis));
  }
  finish();
  return statements;
}

const IN_LIST = /\bin\s*\(\s*$/i;
const ROUTINE = /\bcreate\b[^;]*\b(trigger|procedure|function|event|package)\b/i;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const BEFORE_NAME = /[A-Za-z0-9_:'"`\]]/;
const DOLLAR_TAG = /\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$/y;

function* parts(sql: string, lexis: Lexis): Generator<Part> {
  let from = 0;
  let at = 0;
  while (at < sql.length) {
    const end = quietUntil(sql, at, lexis);
    if (end > at) {
      if (at > from) yield { kind: 'text', text: sql.slice(from, at) };
      yield { kind: 'text', text: sql.slice(at, end) };
      from = at = end;
      continue;
    }
    const name = sql[at] === ':' ? nameAt(sql, at) : undefined;
    if (name !== undefined || sql[at] === ';') {
      if (at > from) yield { kind: 'text', text: sql.slice(from, at) };
      yield name === undefined ? { kind: 'end', text: ';' } : { kind: 'name', text: name };
      from = at = at + 1 + (name?.length ?? 0);
      continue;
    }
    at++;
  }
  if (at > from) yield { kind: 'text', text: sql.slice(from) };
}

/** End of the quote or comment that starts at `at`; `at` itself where none does. */
function quietUntil(sql: string, at: number, lexis: Lexis): number {
  const char = sql[at];
  const pair = sql.slice(at, at + 2);
  if (char === "'" || char === '"' || char === '`') return quoteEnd(sql, at, char, escapes(sql, at, char, lexis));
  if (pair === '--' || (char === '#' && lexis.hashComments)) {
    const end = sql.indexOf('\n', at);
    return end < 0 ? sql.length : end;
  }
  if (pair === '/*') return commentEnd(sql, at, lexis.nestedComments);
  if (char === '$' && lexis.dollarQuotes && !/[A-Za-z0-9_]/.test(sql[at - 1] ?? '')) {
    DOLLAR_TAG.lastIndex = at;
    const tag = DOLLAR_TAG.exec(sql)?.[0];
    if (tag === undefined) return at;
    const end = sql.indexOf(tag, at + tag.length);
    return end < 0 ? sql.length : end + tag.length;
  }
  return at;
}

function escapes(sql: string, at: number, quote: string, lexis: Lexis): boolean {
  if (quote === '`') return false;
  if (lexis.backslashes) return true;
  return quote === "'" && /(^|[^A-Za-z0-9_])[eE]$/.test(sql.slice(Math.max(0, at - 2), at));
}

function quoteEnd(sql: string, at: number, quote: string, backslashes: boolean): number {
  for (let i = at + 1; i < sql.length; i++) {
    if (backslashes && sql[i] === '\\') i++;
    else if (sql[i] === quote) {
      if (sql[i + 1] !== quote) return i + 1;
      i++;
    }
  }
  return sql.length;
}

function commentEnd(sql: string, at: number, nested: boolean): number {
  let depth = 1;
  for (let i = at + 2; i < sql.length; i++) {
    const pair = sql.slice(i, i + 2);
    if (pair === '*/') {
      i++;
      if (--depth === 0) return i + 1;
    } else if (nested && pair === '/*') {
      depth++;
      i++;
    }
  }
  return sql.length;
}

/** `:name` and nothing else: no `::cast`, `:=`, array slice, time or JSON key. */
function nameAt(sql: string, at: number): string | undefined {
  if (at > 0 && BEFORE_NAME.test(sql[at - 1] ?? '')) return undefined;
  NAME.lastIndex = at + 1;
  return NAME.exec(sql)?.[0];
}

function isComment(text: string, lexis: Lexis): boolean {
  return text.startsWith('--') || text.startsWith('/*') || (lexis.hashComments && text.startsWith('#'));
}

function namedValue(name: string, values: Readonly<Record<string, unknown>>): unknown {
  if (Object.hasOwn(values, name)) return values[name] ?? null;
  const given = Object.keys(values);
  throw new NodeError({
    class: 'config',
    code: 'sql-value-missing',
    message: `The SQL uses :${name}, but there is no value of that name.`,
    remedy:
      given.length === 0
        ? `Add "${name}" under Values.`
        : `Add "${name}" under Values (there are: ${given.join(', ')}), or correct the name in the SQL.`,
    field: 'Values',
  });
}

function emptyList(name: string, before: string): string {
  if (!/\bnot\s+in\s*\(\s*$/i.test(before)) return 'NULL';
  throw new NodeError({
    class: 'bad-data',
    code: 'sql-empty-list',
    message: `The list for :${name} is empty, and "not in" over an empty list finds nothing in SQL.`,
    remedy: 'Leave the condition out when the list is empty, or give at least one entry.',
    field: name,
  });
}
