import type { Cell } from '../database.ts';
import { jsonParserError, RecordError } from './errors.ts';
import { normalizeId } from './ids.ts';
import type { Field } from './object-model.ts';
import { isNumber, objectOfId } from './schema.ts';

const EMAIL = /^[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@,;<>().]{2,}$/;

/**
 * A JSON value as the cell that is stored, checked as Salesforce checks it.
 * @throws ApiError where the JSON type is wrong (ends the whole request), RecordError where the value is refused
 */
export function toCell(objectLabel: string, field: Field, value: unknown): Cell {
  if (value === null || value === undefined) return field.type === 'boolean' ? 0 : null;
  if (typeof value === 'object') throw jsonParserError(jsonTypeOf(field), value);
  if (field.type === 'boolean') return toBoolean(value);
  if (isNumber(field.type)) return toNumber(field, value);
  if (field.type === 'date') return toDate(value);
  if (field.type === 'datetime') return toDatetime(value);
  const given = String(value).trim();
  if (given === '') return null;
  if (field.type === 'reference') return toReference(field, given);
  return checkText(objectLabel, field, given);
}

/** Salesforce keeps times to the second and writes them in this one form, which also sorts as text. */
export function formatDatetime(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}.000+0000`;
}

export function parseDatetime(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (!match) return undefined;
  const zone = (match[3] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const ms = Date.parse(`${match[1]}T${match[2]}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const parsed = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

function checkText(objectLabel: string, field: Field, given: string): string {
  if (given.length > field.length) {
    const label = field.name === 'Name' ? `${objectLabel} Name` : field.label;
    throw new RecordError(
      'STRING_TOO_LONG',
      `${label}: data value too large: ${given.slice(0, 255)} (max length=${field.length})`,
      [field.name],
    );
  }
  if (field.type === 'email' && !EMAIL.test(given)) {
    throw new RecordError('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${given}`, [field.name]);
  }
  if (field.type === 'picklist') {
    const known = field.picklist.find((option) => option.toLowerCase() === given.toLowerCase());
    if (known === undefined && field.restricted) {
      throw new RecordError(
        'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
        `${field.label}: bad value for restricted picklist field: ${given}`,
        [field.name],
      );
    }
    return known ?? given;
  }
  return given;
}

function toBoolean(value: unknown): Cell {
  const text = String(value).toLowerCase();
  if (text !== 'true' && text !== 'false') throw jsonParserError('boolean', value);
  return text === 'true' ? 1 : 0;
}

function toNumber(field: Field, value: unknown): Cell {
  if (typeof value === 'string' && value.trim() === '') return null;
  const parsed = typeof value === 'boolean' ? Number.NaN : Number(value);
  if (!Number.isFinite(parsed)) throw jsonParserError(jsonTypeOf(field), value);
  if (field.type === 'int' && !Number.isInteger(parsed)) throw jsonParserError('int', value);
  const limit = 10 ** (field.precision - field.scale);
  if (Math.abs(parsed) >= limit) {
    throw new RecordError(
      'NUMBER_OUTSIDE_VALID_RANGE',
      `${field.label}: value outside of valid range on numeric field: ${value}`,
      [field.name],
    );
  }
  // Decimals beyond the field's scale are rounded half up, as Salesforce does.
  return field.type === 'int' ? parsed : Number(parsed.toFixed(field.scale));
}

function toDate(value: unknown): Cell {
  const text = String(value).trim();
  if (text === '') return null;
  const day = /^\d{4}-\d{2}-\d{2}T/.test(text) ? text.slice(0, 10) : text;
  if (!isDate(day)) throw jsonParserError('date', value);
  return day;
}

function toDatetime(value: unknown): Cell {
  const text = String(value).trim();
  if (text === '') return null;
  const ms = isDate(text) ? Date.parse(text) : parseDatetime(text);
  if (ms === undefined) throw jsonParserError('datetime', value);
  return formatDatetime(ms);
}

function toReference(field: Field, given: string): Cell {
  const id = normalizeId(given);
  const wrong = (code: string) =>
    new RecordError(code, `${field.label}: id value of incorrect type: ${given}`, [field.name]);
  if (!id) throw wrong('MALFORMED_ID');
  const target = objectOfId(id);
  if (!target || !field.referenceTo.includes(target.name)) throw wrong('FIELD_INTEGRITY_EXCEPTION');
  return id;
}

function jsonTypeOf(field: Field): string {
  if (field.type === 'boolean' || field.type === 'int' || field.type === 'date') return field.type;
  if (field.type === 'datetime') return 'datetime';
  return isNumber(field.type) ? 'double' : 'string';
}
