import { type DataRecord, NodeError, setOwnField } from '../../sdk/index.ts';
import { isRecord } from '../../spec/workflow/record.ts';

/** One record as Salesforce takes it. */
export interface Row {
  /** Field names to values; parents by external id nested, `{ "Account": { "Ext_Id__c": "A-1" } }`. */
  readonly body: DataRecord;
  /** Value of the field that it is matched on; '' when records are only created. */
  readonly key: string;
  /** Rows of the same parents stand together, so that they do not lock one another out. */
  readonly parents: string;
}

/**
 * Reads a fields map: `Account.Ext_Id__c` and `{ Account: { Ext_Id__c } }` both name a parent by its external id. An empty
 * text becomes null, which clears the field; a parent without a value is left as it is.
 *
 * @param match the field that records are matched on, if they are
 * @throws NodeError `bad-data` when the record has no value to match on
 */
export function rowOf(fields: DataRecord, match?: string): Row {
  const body: DataRecord = {};
  const parents: string[] = [];
  for (const [name, given] of Object.entries(fields)) {
    const value = given === '' ? null : given;
    if (value === undefined) continue;
    const parent = parentIn(name, value);
    if (parent === undefined) {
      setOwnField(body, name, value);
      if (typeof value === 'string' && isReference(name, value)) parents.push(`${name}=${value}`);
    } else if (parent.value !== null && parent.value !== undefined && parent.value !== '') {
      setOwnField(body, parent.relationship, { [parent.field]: parent.value });
      parents.push(`${parent.relationship}=${String(parent.value)}`);
    }
  }
  return { body, key: match === undefined ? '' : keyIn(body, match), parents: parents.sort().join('\n') };
}

interface Parent {
  readonly relationship: string;
  readonly field: string;
  readonly value: unknown;
}

function parentIn(name: string, value: unknown): Parent | undefined {
  const [relationship, field, ...more] = name.split('.');
  if (relationship !== undefined && field !== undefined && more.length === 0) return { relationship, field, value };
  if (!isRecord(value)) return undefined;
  const [inner] = Object.entries(value).filter(([key]) => key !== 'attributes');
  return inner ? { relationship: name, field: inner[0], value: inner[1] } : undefined;
}

function isReference(name: string, value: string): boolean {
  return name !== 'Id' && /(Id|__c)$/.test(name) && /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(value);
}

/** Takes the match field's value, and gives the field its exact name whatever its case. */
function keyIn(body: DataRecord, match: string): string {
  const name = Object.keys(body).find((key) => key.toLowerCase() === match.toLowerCase());
  const value = name === undefined ? undefined : body[name];
  if (value === undefined || value === null) {
    throw new NodeError({
      class: 'bad-data',
      code: 'salesforce-no-key',
      message: `This record has no value for ${match}, the field that it is matched on.`,
      remedy: `Map a column to ${match}, and give every record a value in it.`,
      field: match,
    });
  }
  if (name !== undefined && name !== match) {
    delete body[name];
    body[match] = value;
  }
  return String(value);
}
