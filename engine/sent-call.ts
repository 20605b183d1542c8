import type { z } from 'zod';
import type { NodeContext } from '../sdk/context.ts';
import type { DataRecord, Item } from '../sdk/index.ts';
import { uiOf } from '../sdk/schema.ts';
import { isFileValue, isRecord } from '../spec/workflow/record.ts';
import type { SentCall } from './journal.ts';
import type { PlannedNode } from './plan.ts';

/** Characters of a text, entries of a list or fields of a record that are shown. */
const MOST = { text: 1_000, entries: 20, depth: 4 };
const HIDDEN = '•••';
/** Names of headers, fields and query parameters whose values are keys to something. */
const SECRET = /authorization|cookie|passw|secret|token|api[-_]?key|signature|credential/i;

/**
 * What a call was about to send, for a person who has to find out whether it did: the parameters that the step sets, as they came
 * out for the first record, and the records. Shortened; secrets of the credential and whatever is named like one are left out.
 */
export function sentCall(planned: PlannedNode, ctx: NodeContext, items: readonly Item<DataRecord>[]): SentCall {
  const hide = hider(secretsOf(planned, ctx));
  const shape = (planned.definition?.params.shape ?? {}) as Readonly<Record<string, z.ZodType>>;
  const [first] = items;
  const params = Object.keys(planned.params).flatMap((name) => {
    const ui = shape[name] && uiOf(shape[name]);
    const value = first?.params[name];
    if (value === undefined || ui?.secret || ui?.scope === 'own') return [];
    return [{ label: ui?.label ?? name, value: shown(value, name, hide) }];
  });
  return { params, records: items.map(({ record }) => shown(record, '', hide) as DataRecord) };
}

function shown(value: unknown, name: string, hide: (text: string) => string, depth = 0): unknown {
  if (SECRET.test(name)) return HIDDEN;
  if (typeof value === 'string') return shortened(hide(value));
  if (isFileValue(value)) return value.$file.name;
  if (Array.isArray(value)) {
    if (depth >= MOST.depth) return `a list of ${value.length}`;
    const entries = value.slice(0, MOST.entries).map((entry) => shown(entry, '', hide, depth + 1));
    return value.length > MOST.entries ? [...entries, `and ${value.length - MOST.entries} more`] : entries;
  }
  if (!isRecord(value)) return value ?? null;
  const fields = Object.entries(value);
  if (depth >= MOST.depth) return `${fields.length} fields`;
  return Object.fromEntries(
    fields.slice(0, MOST.entries).map(([key, entry]) => [key, shown(entry, key, hide, depth + 1)]),
  );
}

function shortened(text: string): string {
  return text.length > MOST.text ? `${text.slice(0, MOST.text)}…` : text;
}

/** Takes secrets out of a text: known ones wherever they stand, and values of an address's query by their name. */
function hider(secrets: readonly string[]): (text: string) => string {
  return (text) => {
    const plain = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
    return plain.replace(/([?&]([^=&#\s]+)=)[^&#\s]+/g, (whole, start: string, name: string) =>
      SECRET.test(name) || name === 'key' ? `${start}${HIDDEN}` : whole,
    );
  };
}

function secretsOf({ definition }: PlannedNode, { credential, credentialType }: NodeContext): string[] {
  if (!isRecord(credential)) return [];
  const type = [definition?.credential ?? []].flat().find((one) => 'type' in one && one.type === credentialType);
  const fields = type && 'fields' in type ? (type.fields as { shape?: Record<string, z.ZodType> }).shape : undefined;
  return Object.entries(credential).flatMap(([name, value]) => {
    const field = fields?.[name];
    const isSecret = (field && uiOf(field)?.secret === true) || SECRET.test(name);
    return isSecret && typeof value === 'string' && value.length > 3 ? [value] : [];
  });
}
