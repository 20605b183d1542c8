import { isTemplate } from '../expression/template.ts';
import type { JsonSchema } from './node-type.ts';

/** What a step goes by in SQL. */
interface Named {
  readonly id: string;
  readonly name: string;
}

/** The params of a node that are SQL over steps, with their labels. One that is a template is not known before it runs, and left out. */
export function sqlOverSteps(
  schema: JsonSchema,
  params: Readonly<Record<string, unknown>>,
): { readonly name: string; readonly label: string; readonly sql: string }[] {
  return paramsOverSteps(schema).flatMap(({ name, label }) => {
    const sql = params[name];
    return typeof sql !== 'string' || isTemplate(sql) ? [] : [{ name, label, sql }];
  });
}

const overSteps = new WeakMap<JsonSchema, readonly { readonly name: string; readonly label: string }[]>();

function paramsOverSteps(schema: JsonSchema) {
  let found = overSteps.get(schema);
  if (found === undefined) {
    found = Object.entries(schema.properties ?? {}).flatMap(([name, { ui }]) =>
      ui?.tables === 'steps' ? [{ name, label: ui.label }] : [],
    );
    overSteps.set(schema, found);
  }
  return found;
}

/**
 * The tables that a SELECT names, without those that it makes itself (`with`). Of SQL only as much is read as that takes: names after
 * FROM and JOIN and between the commas of a FROM. Names with a schema, table functions and what stands in quotes `'...'` are no tables here.
 */
export function tablesIn(sql: string): string[] {
  const tokens = tokensOf(sql);
  return [...new Set(tableTokens(tokens).map((at) => tokens[at]?.text ?? ''))];
}

/** The same SQL with tables under other names, and columns that name their table with it: `orders.id`. `undefined` leaves one as it is. */
export function withRenamedTables(sql: string, renamed: (table: string) => string | undefined): string {
  const tokens = tokensOf(sql);
  const tables = tableTokens(tokens);
  const names = new Map<string, string>();
  for (const at of tables) {
    const { text } = tokens[at] as Token;
    const name = renamed(text);
    if (name !== undefined && name !== text) names.set(text, name);
  }
  if (names.size === 0) return sql;
  const places = new Set(tables);
  const aliases = new Set(tables.map((at) => aliasOf(tokens, at)?.toLowerCase()));
  const byColumn = new Map([...names].map(([table, name]) => [table.toLowerCase(), name]));
  let text = '';
  let end = 0;
  for (const [at, token] of tokens.entries()) {
    const isColumn = token.kind !== 'mark' && isMark(tokens[at + 1], '.') && !isMark(tokens[at - 1], '.');
    const lower = token.text.toLowerCase();
    const name = places.has(at)
      ? names.get(token.text)
      : isColumn && !aliases.has(lower)
        ? byColumn.get(lower)
        : undefined;
    if (name === undefined) continue;
    text += `${sql.slice(end, token.start)}"${name.replaceAll('"', '""')}"`;
    end = token.end;
  }
  return text + sql.slice(end);
}

/** Positions of the tokens that are names of tables. */
function tableTokens(tokens: readonly Token[]): number[] {
  const own = new Set(commonTables(tokens));
  const found: number[] = [];
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
      if (!own.has(token.text.toLowerCase())) found.push(i);
    }
  }
  return found;
}

/** The name that a table has in its query: `o` of `orders as o`. */
function aliasOf(tokens: readonly Token[], table: number): string | undefined {
  const next = tokens[table + 1];
  const alias = isWord(next, /^as$/i) ? tokens[table + 2] : next;
  if (alias === undefined || alias.kind === 'mark' || isWord(alias, AFTER_FROM) || isWord(alias, AFTER_TABLE))
    return undefined;
  return alias.text;
}

/** Position of the step that a table stands for: by id or name, in whatever case; an id may also be written with `_` for `-`. */
export function stepCalled(table: string, steps: readonly Named[]): number | undefined {
  const wanted = table.toLowerCase();
  const tests: ((step: Named) => boolean)[] = [
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

/** What a table is called so that it stands for the step at a position: as it is where that does, else by the step's name, or its id. */
export function tableOf(position: number, steps: readonly Named[], table: string): string {
  const { id = table, name = table } = steps[position] ?? {};
  return [table, name].find((one) => stepCalled(one, steps) === position) ?? id;
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
  /** Where it stands in the SQL. */
  readonly start: number;
  readonly end: number;
}

const FROM = /^from$/i;
const JOIN = /^join$/i;
const DISTINCT = /^distinct$/i;
const AFTER_FROM = /^(select|where|group|having|order|limit|offset|window|qualify|union|except|intersect)$/i;
const AFTER_TABLE =
  /^(on|using|inner|left|right|full|cross|natural|asof|semi|anti|positional|join|tablesample|pivot|unpivot|set)$/i;
const BEFORE_TABLE = /^(lateral|only)$/i;
const QUERY = /^(select|with|from|values)$/i;

/** Texts and comments say nothing of tables; words, quoted names and single marks are kept. */
const TOKEN =
  /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_$]*)|\d[\w.]*|\s+|([\s\S])/gu;

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(TOKEN)) {
    const [whole, , quoted, word, mark] = match;
    const place = { start: match.index, end: match.index + whole.length };
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replaceAll('""', '"'), ...place });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, ...place });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, ...place });
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
