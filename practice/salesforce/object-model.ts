export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'reference';

/** A field as the describe call shows it. Text is compared without regard to case, as in Salesforce. */
export interface Field {
  name: string;
  label: string;
  type: FieldType;
  length: number;
  precision: number;
  scale: number;
  required: boolean;
  createable: boolean;
  updateable: boolean;
  filterable: boolean;
  unique: boolean;
  externalId: boolean;
  idLookup: boolean;
  restricted: boolean;
  picklist: readonly string[];
  defaultValue: string | number | boolean | null;
  /** For references: the objects that it may point to (several for Who and What) and the name of the way there. */
  referenceTo: readonly string[];
  relationshipName: string | null;
  /** The name of the way back, for child subqueries; null where there is none. */
  childRelationship: string | null;
  onParentDelete: 'cascade' | 'clear';
}

export interface SObject {
  name: string;
  label: string;
  labelPlural: string;
  keyPrefix: string;
  nameField: string;
  createable: boolean;
  fields: readonly Field[];
}
