import type { Field, SObject } from './object-model.ts';
import { allObjects, childRelationships, isText } from './schema.ts';

/** The describe answers, with every attribute that clients read; what the practice org has no notion of is false or empty. */
export function describeGlobal(base: string) {
  return { encoding: 'UTF-8', maxBatchSize: 200, sobjects: allObjects().map((object) => summary(object, base)) };
}

export function describeObject(object: SObject, base: string) {
  return {
    ...summary(object, base),
    actionOverrides: [],
    childRelationships: childRelationships(object).map(({ name, child, field }) => ({
      cascadeDelete: field.onParentDelete === 'cascade',
      childSObject: child.name,
      deprecatedAndHidden: false,
      field: field.name,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: name,
      restrictedDelete: false,
    })),
    compactLayoutable: true,
    fields: object.fields.map((field) => describeField(object, field)),
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [
      {
        active: true,
        available: true,
        defaultRecordTypeMapping: true,
        developerName: 'Master',
        master: true,
        name: 'Master',
        recordTypeId: '012000000000000AAA',
        urls: {},
      },
    ],
    searchLayoutable: true,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: `All ${object.labelPlural.toLowerCase()}`, name: 'everything' }],
  };
}

export function summary(object: SObject, base: string) {
  const url = `${base}/sobjects/${object.name}`;
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: object.createable,
    custom: false,
    customSetting: false,
    deepCloneable: false,
    deletable: object.createable,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: true,
    mergeable: false,
    mruEnabled: true,
    name: object.name,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: true,
    triggerable: true,
    undeletable: object.createable,
    updateable: object.createable,
    urls: { sobject: url, describe: `${url}/describe`, rowTemplate: `${url}/{ID}` },
  };
}

/** The SOAP types that a describe names beside the field types. */
const SOAP_TYPES: Partial<Record<Field['type'], string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
};

function describeField(object: SObject, field: Field) {
  const preset = field.name === 'OwnerId' || field.defaultValue !== null;
  const long = field.type === 'textarea';
  return {
    aggregatable: field.filterable && field.type !== 'boolean',
    aiPredictionField: false,
    autoNumber: field.name === 'CaseNumber',
    byteLength: field.length * (isText(field.type) ? 3 : 1),
    calculated: false,
    calculatedFormula: null,
    cascadeDelete: field.onParentDelete === 'cascade',
    caseSensitive: false,
    compoundFieldName: field.name === 'FirstName' || field.name === 'LastName' ? 'Name' : null,
    controllerName: null,
    createable: object.createable && field.createable,
    custom: field.name.endsWith('__c'),
    defaultValue: field.defaultValue,
    defaultValueFormula: null,
    defaultedOnCreate: preset || field.type === 'id' || !field.createable,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? field.precision : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: long ? 'plaintextarea' : null,
    filterable: field.filterable,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: field.filterable && !['double', 'currency', 'percent', 'datetime'].includes(field.type),
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.idLookup,
    inlineHelpText: null,
    label: field.label,
    length: field.length,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: object.nameField === field.name,
    namePointing: field.referenceTo.length > 1,
    nillable: !(field.required || field.type === 'boolean' || field.type === 'id' || field.name === 'OwnerId'),
    permissionable: field.createable && !field.required,
    picklistValues: field.picklist.map((value) => ({
      active: true,
      defaultValue: value === field.defaultValue,
      label: value,
      validFor: null,
      value,
    })),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.type === 'int' ? 0 : field.precision,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: field.restricted,
    scale: field.scale,
    searchPrefilterable: field.type === 'reference',
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    sortable: field.filterable,
    type: field.type,
    unique: field.unique,
    updateable: object.createable && field.updateable,
    writeRequiresMasterRead: false,
  };
}
