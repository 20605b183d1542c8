import { isPlainObject } from './values.ts';

/**
 * `record.json`: workflows that come from n8n write `.item.json.email` where the record is the item itself. A record's own
 * field of that name wins.
 */
export function readRecordJson(record: unknown): unknown {
  if (!isPlainObject(record) || Object.hasOwn(record, 'json')) {
    return isPlainObject(record) ? record.json : undefined;
  }
  return record;
}
