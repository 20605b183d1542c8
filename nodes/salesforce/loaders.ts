import type { Field } from '@jsforce/jsforce-node/lib/types/common.js';
import type { LoadedOption, Loader } from '../../sdk/index.ts';
import { connect } from './connect.ts';
import type { SalesforceValues } from './credential-salesforce.ts';
import { describeObject } from './describe.ts';

type SalesforceLoader = Loader<SalesforceValues>;

export const objects: SalesforceLoader = async (ctx, _params, search) => {
  const { sobjects } = await (await connect(ctx)).describeGlobal();
  const options = sobjects
    .filter((object) => object.queryable)
    .map((object) => ({ value: object.name, label: object.label, help: object.name }));
  return matching(options, search);
};

export const readableFields: SalesforceLoader = async (ctx, params, search) =>
  matching((await fieldsOf(ctx, params)).map(optionOf), search);

/** Columns to create records with; parents can also be named by their external id. */
export const createableFields: SalesforceLoader = async (ctx, params, search) => {
  const fields = (await fieldsOf(ctx, params)).filter((field) => field.createable);
  return matching([...fields.map(writtenOption), ...(await parentOptions(ctx, fields))], search);
};

/** Texts that can hold a mark and be asked for by it. */
export const markFields: SalesforceLoader = async (ctx, params, search) => {
  const fields = (await fieldsOf(ctx, params)).filter(
    ({ createable, filterable, type, length }) => createable && filterable && type === 'string' && (length ?? 0) >= 50,
  );
  return matching(fields.map(optionOf), search);
};

/** Columns of a write that matches records: the match field first. */
export const writableFields: SalesforceLoader = async (ctx, params, search) => {
  const match = typeof params.externalId === 'string' ? params.externalId : 'Id';
  const all = await fieldsOf(ctx, params);
  const key = all.find((field) => field.name.toLowerCase() === match.toLowerCase());
  const fields = all.filter((field) => (field.createable || field.updateable) && field !== key);
  return matching(
    [
      ...(key ? [{ ...optionOf(key), required: true, key: true }] : []),
      ...fields.map(writtenOption),
      ...(await parentOptions(ctx, fields)),
    ],
    search,
  );
};

export const matchFields: SalesforceLoader = async (ctx, params, search) => {
  const fields = (await fieldsOf(ctx, params)).filter((field) => field.externalId || field.name === 'Id');
  return matching(fields.map(optionOf), search);
};

async function fieldsOf(ctx: Parameters<SalesforceLoader>[0], params: Record<string, unknown>): Promise<Field[]> {
  if (typeof params.object !== 'string' || params.object === '') return [];
  return (await describeObject(ctx, params.object)).fields;
}

function optionOf(field: Field): LoadedOption {
  return { value: field.name, label: field.label, help: field.name, type: typeInWords(field) };
}

function writtenOption(field: Field): LoadedOption {
  const required = field.createable && !field.nillable && !field.defaultedOnCreate && field.type !== 'boolean';
  return { ...optionOf(field), required };
}

const MOST_PARENTS = 12;

async function parentOptions(
  ctx: Parameters<SalesforceLoader>[0],
  fields: readonly Field[],
): Promise<readonly LoadedOption[]> {
  const options: LoadedOption[] = [];
  for (const { relationshipName, referenceTo, label } of fields.filter(leadsToOneParent).slice(0, MOST_PARENTS)) {
    const parent = await describeObject(ctx, referenceTo?.[0] ?? '');
    for (const field of parent.fields.filter((candidate) => candidate.externalId)) {
      const value = `${relationshipName}.${field.name}`;
      options.push({ value, label: `${label}, by ${field.label}`, help: value, type: typeInWords(field) });
    }
  }
  return options;
}

function leadsToOneParent(field: Field): boolean {
  return typeof field.relationshipName === 'string' && field.referenceTo?.length === 1;
}

const WORDS: Record<string, string> = {
  id: 'record id',
  string: 'text',
  textarea: 'long text',
  int: 'whole number',
  double: 'number',
  currency: 'amount',
  percent: 'percentage',
  boolean: 'yes or no',
  datetime: 'date and time',
  reference: 'record id',
  picklist: 'one of a list',
  multipicklist: 'several of a list',
};

function typeInWords(field: Field): string {
  return WORDS[field.type] ?? field.type;
}

function matching(options: readonly LoadedOption[], search: string): readonly LoadedOption[] {
  const wanted = search.toLowerCase();
  return options.filter((option) => `${option.label} ${option.value}`.toLowerCase().includes(wanted));
}
