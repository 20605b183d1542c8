import type { FunctionExp, HavingClause, Query, WhereClause } from 'soql-parser-js';
import type { Cell } from '../database.ts';
import { malformedQuery } from './errors.ts';
import { compare, type Literal } from './soql-compare.ts';
import { functionExpression } from './soql-functions.ts';
import { queryError } from './soql-position.ts';
import type { Scope } from './soql-scope.ts';

/** Compiles the query inside `IN ( ... )` to SQL that selects its one field. */
export type CompileSemiJoin = (query: Query, params: Cell[]) => string;

interface Condition {
  field?: string;
  fn?: FunctionExp;
  operator: string;
  value?: string | string[];
  valueQuery?: Query;
  literalType?: string | string[];
}

type Token = '(' | ')' | 'AND' | 'OR' | 'NOT' | Condition;

/**
 * The parser lays conditions out flat, each with the parentheses that open before it and close after it; this puts
 * the tree back together and compiles it to SQL, with values as parameters.
 */
export class WhereCompiler {
  readonly #scope: Scope;
  readonly #params: Cell[];
  readonly #now: number;
  readonly #semiJoin: CompileSemiJoin;
  #tokens: Token[] = [];
  #at = 0;

  constructor(scope: Scope, params: Cell[], now: number, semiJoin: CompileSemiJoin) {
    this.#scope = scope;
    this.#params = params;
    this.#now = now;
    this.#semiJoin = semiJoin;
  }

  compile(clause: WhereClause | HavingClause): string {
    this.#tokens = flatten(clause as FlatClause);
    this.#at = 0;
    const sql = this.#any();
    if (this.#at < this.#tokens.length) throw malformedQuery("unexpected token: ')'");
    return sql;
  }

  /** AND and OR stand beside each other only with parentheses: Salesforce refuses to guess, and so do we. */
  #any(): string {
    const parts = [this.#one()];
    let joiner: Token | undefined;
    for (let next = this.#tokens[this.#at]; next === 'AND' || next === 'OR'; next = this.#tokens[this.#at]) {
      if (joiner !== undefined && joiner !== next) {
        throw queryError(this.#scope.soql, next, 'MALFORMED_QUERY', `unexpected token: '${next}'`);
      }
      joiner = next;
      this.#at++;
      parts.push(this.#one());
    }
    return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(` ${joiner} `)})`;
  }

  #one(): string {
    const token = this.#tokens[this.#at++];
    if (token === 'NOT') return `NOT COALESCE(${this.#one()}, 0)`;
    if (token === '(') {
      const inner = this.#any();
      if (this.#tokens[this.#at++] !== ')') throw malformedQuery("expecting a right parentheses, found 'EOF'");
      return `(${inner})`;
    }
    if (typeof token !== 'object') throw malformedQuery(`unexpected token: '${token ?? 'EOF'}'`);
    return this.#condition(token);
  }

  #condition(condition: Condition): string {
    const { soql } = this.#scope;
    const operator = condition.operator.toUpperCase();
    if (condition.fn) {
      const expression = functionExpression(this.#scope, condition.fn);
      const written = condition.fn.functionName ?? '';
      return compare(
        soql,
        { ...expression, written, name: written },
        operator,
        literals(condition),
        this.#params,
        this.#now,
      );
    }
    const written = condition.field ?? '';
    const { field, sql } = this.#scope.resolve(written);
    if (!field.filterable) {
      const message = `field '${field.name}' can not be filtered in a query call`;
      throw queryError(soql, written, 'INVALID_FIELD', message);
    }
    if (condition.valueQuery) {
      if (operator !== 'IN' && operator !== 'NOT IN') throw malformedQuery("unexpected token: '('");
      if (field.type !== 'id' && field.type !== 'reference') {
        throw queryError(
          soql,
          written,
          'MALFORMED_QUERY',
          `The left operand field in the where expression for outer query should be an id or reference field: ${field.name}`,
        );
      }
      return `COALESCE(${sql}, '') ${operator} (${this.#semiJoin(condition.valueQuery, this.#params)})`;
    }
    const left = { sql, type: field.type, written, name: field.name };
    return compare(soql, left, operator, literals(condition), this.#params, this.#now);
  }
}

interface FlatClause {
  left: (Condition & { openParen?: number; closeParen?: number }) | { openParen: number } | null;
  operator?: string;
  right?: FlatClause;
}

function flatten(clause: FlatClause): Token[] {
  const tokens: Token[] = [];
  for (let at: FlatClause | undefined = clause; at; at = at.right) {
    const { left } = at;
    if (left) {
      for (let i = 0; i < (left.openParen ?? 0); i++) tokens.push('(');
      if ('operator' in left) {
        tokens.push(left);
        for (let i = 0; i < (left.closeParen ?? 0); i++) tokens.push(')');
      }
    }
    if (at.operator) tokens.push(at.operator.toUpperCase() as 'AND' | 'OR' | 'NOT');
  }
  return tokens;
}

function literals({ value, literalType }: Condition): Literal[] {
  const values = Array.isArray(value) ? value : [value ?? 'NULL'];
  return values.map((text, i) => ({
    text,
    type: (Array.isArray(literalType) ? literalType[i] : literalType) ?? 'STRING',
  }));
}
