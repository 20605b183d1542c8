import type { parseQuery as ParseQuery, Query } from 'soql-parser-js';
import { malformedQuery } from './errors.ts';
import { pointAt } from './soql-position.ts';

let parse: typeof ParseQuery | undefined;

/** Loads the parser, which takes a fifth of a second: on the first data request, not at start. */
export async function loadSoqlParser(): Promise<void> {
  parse ??= (await import('soql-parser-js')).default.parseQuery;
}

/** @throws ApiError MALFORMED_QUERY that points at the token which does not fit */
export function parseSoql(soql: string): Query {
  if (!parse) throw new Error('loadSoqlParser() has to come before parseSoql()');
  if (soql.trim() === '') throw malformedQuery('SOQL statements can not be empty or null');
  try {
    return parse(soql);
  } catch (error) {
    throw malformedQuery(describe(soql, error));
  }
}

function describe(soql: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const unknownCharacter = /unexpected character: ->(.)<- at offset: (\d+)/s.exec(message);
  if (unknownCharacter) {
    return pointAt(soql, Number(unknownCharacter[2]), `line 1: unexpected character '${unknownCharacter[1]}'`);
  }
  const token = (error as { token?: { image?: string; startOffset?: number } }).token;
  const image = token?.image ?? /found:? -?-?>? ?'([^']*)'/.exec(message)?.[1];
  if (!image) return 'unexpected end of query';
  const offset = token?.startOffset;
  const at = offset !== undefined && !Number.isNaN(offset) ? offset : Math.max(0, soql.lastIndexOf(image));
  return pointAt(soql, at, `unexpected token: '${image}'`);
}
