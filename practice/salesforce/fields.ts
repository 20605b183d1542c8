import type { Field, FieldType } from './object-model.ts';

type Options = Partial<Omit<Field, 'name' | 'type'>>;

function field(name: string, type: FieldType, options: Options = {}): Field {
  return {
    name,
    type,
    label: labelOf(name),
    length: 0,
    precision: 0,
    scale: 0,
    required: false,
    createable: true,
    updateable: true,
    filterable: true,
    unique: false,
    externalId: false,
    idLookup: false,
    restricted: false,
    picklist: [],
    defaultValue: null,
    referenceTo: [],
    relationshipName: null,
    childRelationship: null,
    onParentDelete: 'clear',
    ...options,
  };
}

/** `NumberOfEmployees` -> "Number Of Employees", `Ext_Id__c` -> "Ext Id". */
function labelOf(name: string): string {
  return name
    .replace(/__c$/, '')
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2');
}

export const text = (name: string, length = 255, options?: Options) => field(name, 'string', { length, ...options });
export const longText = (name: string, length = 32_000) => field(name, 'textarea', { length, filterable: false });
export const email = (name: string, options?: Options) => field(name, 'email', { length: 80, ...options });
export const phone = (name: string) => field(name, 'phone', { length: 40 });
export const url = (name: string) => field(name, 'url', { length: 255 });
export const checkbox = (name: string, options?: Options) =>
  field(name, 'boolean', { defaultValue: false, ...options });
export const integer = (name: string, options?: Options) => field(name, 'int', { precision: 8, ...options });
export const number = (name: string, precision = 18, scale = 2) => field(name, 'double', { precision, scale });
export const currency = (name: string, options?: Options) =>
  field(name, 'currency', { precision: 18, scale: 2, ...options });
export const percent = (name: string, options?: Options) => field(name, 'percent', { precision: 3, ...options });
export const date = (name: string, options?: Options) => field(name, 'date', options);
export const datetime = (name: string, options?: Options) => field(name, 'datetime', options);

/** Restricted picklists refuse values that are not in the list; open ones take any text, as Salesforce's do. */
export const picklist = (name: string, values: readonly string[], options?: Options) =>
  field(name, 'picklist', { length: 255, picklist: values, ...options });

export const externalId = (name: string, options?: Options) =>
  text(name, 80, { externalId: true, unique: true, idLookup: true, ...options });

export const reference = (name: string, to: readonly string[], relationship: string, options?: Options) =>
  field(name, 'reference', {
    length: 18,
    label: `${labelOf(name.replace(/Id$/, ''))} ID`,
    referenceTo: to,
    relationshipName: relationship,
    ...options,
  });

const readOnly = { createable: false, updateable: false } as const;

/** A name that Salesforce puts together from first and last name. */
export const compoundName = (length = 121) => text('Name', length, { ...readOnly, label: 'Full Name' });

export const readOnlyField = (made: Field): Field => ({ ...made, ...readOnly });

/** The fields that every record has, around its own. */
export function record(...own: Field[]): Field[] {
  return [
    field('Id', 'id', { length: 18, label: 'Record ID', idLookup: true, ...readOnly }),
    checkbox('IsDeleted', { ...readOnly, label: 'Deleted' }),
    ...own,
    datetime('CreatedDate', readOnly),
    reference('CreatedById', ['User'], 'CreatedBy', readOnly),
    datetime('LastModifiedDate', readOnly),
    reference('LastModifiedById', ['User'], 'LastModifiedBy', readOnly),
    datetime('SystemModstamp', { ...readOnly, label: 'System Modstamp' }),
  ];
}

export const owner = () => reference('OwnerId', ['User'], 'Owner');
