/**
 * The tables that a SELECT names, without those that it makes itself (`with`). Of SQL only as much is read as that takes: names after
 * FROM and JOIN and between the commas of a FROM. Names with a schema, table functions and what stands in quotes `'...'` are no tables here.
 */
export function tablesIn(sql: string): string[] {
  const tokens = tokensOf(sql);
  const own = new Set(commonTables(tokens));
  const found = new Set<string>();
  const levels: Level[] = [{ isQuery: true, inFrom: false, expects: false }];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    const level = levels.at(-1) as Level;
    if (isMark(token, '(')) {
      const opens = startsQuery(tokens[i + 1]);
      levels.push({
        isQuery: opens || level.expects,
        inFrom: level.expects && !opens,
        expects: level.expects && !opens,
      });
      level.expects = false;
    } else if (isMark(token, ')')) {
      if (levels.length > 1) levels.pop();
    } else if (isMark(token, ',')) {
      level.expects = level.inFrom;
    } else if (level.isQuery && isWord(token, FROM) && !isWord(tokens[i - 1], DISTINCT)) {
      level.inFrom = true;
      level.expects = true;
    } else if (level.isQuery && isWord(token, JOIN)) {
      level.expects = true;
    } else if (isWord(token, AFTER_FROM)) {
      level.inFrom = false;
      level.expects = false;
    } else if (level.expects && !isWord(token, BEFORE_TABLE)) {
      level.expects = false;
      const next = tokens[i + 1];
      if (token.kind === 'mark' || isMark(next, '(') || isMark(next, '.')) continue;
      if (!own.has(token.text.toLowerCase())) found.add(token.text);
    }
  }
  return [...found];
}

/** Position of the step that a table stands for: by id or name, in whatever case; an id may also be written with `_` for `-`. */
export function stepCalled(
  table: string,
  steps: readonly { readonly id: string; readonly name: string }[],
): number | undefined {
  const wanted = table.toLowerCase();
  const tests: ((step: { id: string; name: string }) => boolean)[] = [
    ({ id }) => id === table,
    ({ name }) => name === table,
    ({ id }) => id.toLowerCase() === wanted,
    ({ name }) => name.toLowerCase() === wanted,
    ({ id }) => id.toLowerCase().replaceAll('-', '_') === wanted,
  ];
  for (const test of tests) {
    const at = steps.findIndex(test);
    if (at >= 0) return at;
  }
  return undefined;
}

interface Level {
  /** Between the parentheses stands a query, or a part of a FROM. */
  readonly isQuery: boolean;
  inFrom: boolean;
  /** A table comes next. */
  expects: boolean;
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'mark';
  readonly text: string;
}

const FROM = /^from$/i;
const JOIN = /^join$/i;
const DISTINCT = /^distinct$/i;
const AFTER_FROM = /^(select|where|group|having|order|limit|offset|window|qualify|union|except|intersect)$/i;
const BEFORE_TABLE = /^(lateral|only)$/i;
const QUERY = /^(select|with|from|values)$/i;

/** Texts and comments say nothing of tables; words, quoted names and single marks are kept. */
const TOKEN =
  /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_$]*)|\d[\w.]*|\s+|([\s\S])/gu;

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const [, , quoted, word, mark] of sql.matchAll(TOKEN)) {
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replaceAll('""', '"') });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
  }
  return tokens;
}

/** Names of the queries of a WITH, such as `a` in `with a (x, y) as materialized (select ...)`, in small letters. */
function commonTables(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, i) => {
    if (token.kind === 'mark') return [];
    let at = i + 1;
    if (isMark(tokens[at], '(')) {
      while (at < tokens.length && !isMark(tokens[at], ')')) at++;
      at++;
    }
    if (!isWord(tokens[at], /^as$/i)) return [];
    at++;
    while (isWord(tokens[at], /^(not|materialized)$/i)) at++;
    return isMark(tokens[at], '(') ? [token.text.toLowerCase()] : [];
  });
}

function startsQuery(token: Token | undefined): boolean {
  return isWord(token, QUERY);
}

function isWord(token: Token | undefined, pattern: RegExp): boolean {
  return token?.kind === 'word' && pattern.test(token.text);
}

function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark;
}
