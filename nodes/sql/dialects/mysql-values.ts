import type { FieldPacket } from 'mysql2';
import { exactInteger, exactNumber, parseExactJson } from '../../../sdk/index.ts';
import type { ColumnKind } from './dialect.ts';
import { isoFromServer } from './moments.ts';

/** Type numbers of the protocol. */
const TYPE = { decimal: 0, float: 4, timestamp: 7, datetime: 12, bit: 16, json: 245, newDecimal: 246 };

type Convert = (value: unknown) => unknown;

/** How the values of a column become record values; undefined where they already are. */
export function mysqlConverter(field: FieldPacket): Convert | undefined {
  const { columnType, extendedFormat, columnLength } = field as FieldPacket & {
    columnType?: number;
    extendedFormat?: string;
    columnLength?: number;
  };
  if (extendedFormat === 'json' || columnType === TYPE.json) return whenText(parseExactJson);
  switch (columnType) {
    case TYPE.decimal:
    case TYPE.newDecimal:
      return whenText(exactNumber);
    case TYPE.float:
      return (value) => (typeof value === 'number' ? shortestFloat(value) : value);
    case TYPE.datetime:
      return whenText(isoFromServer);
    case TYPE.timestamp:
      return whenText((text) => isoFromServer(`${text}+00`));
    case TYPE.bit:
      return (value) => (Buffer.isBuffer(value) ? bits(value, columnLength === 1) : value);
    default:
      return (value) => (Buffer.isBuffer(value) ? value.toString('base64') : value);
  }
}

function whenText(convert: (text: string) => unknown): Convert {
  return (value) => (typeof value === 'string' ? convert(value) : value);
}

function bits(value: Buffer, single: boolean): unknown {
  if (single) return value[0] === 1;
  return exactInteger(BigInt(`0x${value.toString('hex') || '0'}`));
}

/** A 32-bit float as the shortest number that stands for it: 0.1, not 0.10000000149011612. */
export function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  decimal: 'decimal',
  float: 'decimal',
  double: 'decimal',
  date: 'date',
  datetime: 'timestamp',
  timestamp: 'timestamp-zone',
  json: 'json',
  binary: 'bytes',
  varbinary: 'bytes',
  tinyblob: 'bytes',
  blob: 'bytes',
  mediumblob: 'bytes',
  longblob: 'bytes',
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
};

/** @param full the type with its length, such as tinyint(1). */
export function mysqlKind(type: string, full: string): ColumnKind {
  if (full === 'tinyint(1)' || full === 'bit(1)') return 'boolean';
  return KINDS[type.toLowerCase()] ?? 'other';
}
