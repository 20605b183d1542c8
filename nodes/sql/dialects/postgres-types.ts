import { exactNumber, parseExactJson } from '../../../sdk/index.ts';
import { isoFromServer } from './moments.ts';

type Parse = (text: string) => unknown;

const number: Parse = exactNumber;
/** The usual length cannot lose a digit. */
const integer: Parse = (value) => (value.length <= 15 ? Number(value) : exactNumber(value));
const text: Parse = (value) => value;
const boolean: Parse = (value) => value === 't' || value === 'true';
const base64: Parse = (value) => Buffer.from(value.slice(2), 'hex').toString('base64');

/** PostgreSQL's type numbers (pg_type.oid) with the number of their array type, and how each becomes a record value. */
const types: readonly (readonly [oid: number, array: number, parse: Parse])[] = [
  [16, 1000, boolean],
  [17, 1001, base64],
  [20, 1016, integer],
  [21, 1005, integer],
  [23, 1007, integer],
  [26, 1028, integer],
  [700, 1021, number],
  [701, 1022, number],
  [1700, 1231, number],
  [114, 199, parseExactJson],
  [3802, 3807, parseExactJson],
  [1114, 1115, isoFromServer],
  [1184, 1185, isoFromServer],
  [25, 1009, text],
  [1042, 1014, text],
  [1043, 1015, text],
  [19, 1003, text],
  [1082, 1182, text],
  [1083, 1183, text],
  [1266, 1270, text],
  [1186, 1187, text],
  [2950, 2951, text],
  [869, 1041, text],
  [650, 651, text],
  [829, 1040, text],
  [790, 791, text],
  [18, 1002, text],
];

/** The arrays among them come as text like `{1,"a b",NULL,{2}}`. */
export function parseArray(literal: string, parse: Parse): unknown[] {
  let at = literal.indexOf('{');
  const list = (): unknown[] => {
    const values: unknown[] = [];
    at++;
    while (at < literal.length && literal[at] !== '}') {
      if (literal[at] === ',') at++;
      else if (literal[at] === '{') values.push(list());
      else values.push(entry());
    }
    at++;
    return values;
  };
  const entry = (): unknown => {
    let value = '';
    if (literal[at] !== '"') {
      while (at < literal.length && literal[at] !== ',' && literal[at] !== '}') value += literal[at++];
      return value === 'NULL' ? null : parse(value);
    }
    for (at++; at < literal.length && literal[at] !== '"'; at++) {
      if (literal[at] === '\\') at++;
      value += literal[at];
    }
    at++;
    return parse(value);
  };
  return at < 0 ? [] : list();
}

const parsers = new Map<number, Parse>();
for (const [oid, array, parse] of types) {
  parsers.set(oid, parse);
  parsers.set(array, (literal) => parseArray(literal, parse));
}

/** For pg's `types` option. Types not listed stay the text that the database prints. */
export const postgresTypes = {
  getTypeParser: (oid: number) => parsers.get(oid) ?? text,
};
