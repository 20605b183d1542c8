import {
  checkbox,
  compoundName,
  currency,
  date,
  datetime,
  email,
  externalId,
  integer,
  longText,
  number,
  owner,
  percent,
  phone,
  picklist,
  readOnlyField,
  record,
  reference,
  text,
  url,
} from './fields.ts';
import type { Field, SObject } from './object-model.ts';

const INDUSTRIES = [
  'Agriculture',
  'Banking',
  'Biotechnology',
  'Chemicals',
  'Construction',
  'Consulting',
  'Education',
  'Energy',
  'Engineering',
  'Finance',
  'Healthcare',
  'Insurance',
  'Manufacturing',
  'Media',
  'Retail',
  'Technology',
  'Telecommunications',
  'Transportation',
] as const;

export const LEAD_SOURCES = [
  'Web',
  'Phone Inquiry',
  'Partner Referral',
  'Purchased List',
  'Trade Show',
  'Other',
] as const;

/** Each stage with its probability; the last two are closed. */
export const STAGES: Record<string, number> = {
  Prospecting: 10,
  Qualification: 10,
  'Needs Analysis': 20,
  'Value Proposition': 50,
  'Id. Decision Makers': 60,
  'Perception Analysis': 70,
  'Proposal/Price Quote': 75,
  'Negotiation/Review': 90,
  'Closed Won': 100,
  'Closed Lost': 0,
};

export const LEAD_STATUSES = [
  'Open - Not Contacted',
  'Working - Contacted',
  'Closed - Converted',
  'Closed - Not Converted',
] as const;

function address(prefix: string): Field[] {
  return [
    text(`${prefix}Street`),
    text(`${prefix}City`, 40),
    text(`${prefix}State`, 80),
    text(`${prefix}PostalCode`, 20),
    text(`${prefix}Country`, 80),
  ];
}

const person = [text('FirstName', 40), text('LastName', 80, { required: true }), compoundName()];

const Organization: SObject = {
  name: 'Organization',
  label: 'Organization',
  labelPlural: 'Organizations',
  keyPrefix: '00D',
  nameField: 'Name',
  createable: false,
  fields: record(
    text('Name', 80),
    text('InstanceName', 5),
    checkbox('IsSandbox'),
    text('OrganizationType', 40),
    text('NamespacePrefix', 15),
    datetime('TrialExpirationDate'),
    text('LanguageLocaleKey', 40),
    text('TimeZoneSidKey', 40),
  ),
};

const User: SObject = {
  name: 'User',
  label: 'User',
  labelPlural: 'Users',
  keyPrefix: '005',
  nameField: 'Name',
  createable: false,
  fields: record(
    text('Username', 80, { required: true, unique: true, idLookup: true }),
    ...person,
    email('Email', { required: true, length: 128 }),
    text('Alias', 8, { required: true }),
    text('Title', 80),
    text('Department', 80),
    checkbox('IsActive'),
    text('UserType', 40),
    text('TimeZoneSidKey', 40),
    reference('ManagerId', ['User'], 'Manager'),
  ),
};

const Account: SObject = {
  name: 'Account',
  label: 'Account',
  labelPlural: 'Accounts',
  keyPrefix: '001',
  nameField: 'Name',
  createable: true,
  fields: record(
    text('Name', 255, { required: true, label: 'Account Name' }),
    picklist('Type', ['Prospect', 'Customer - Direct', 'Customer - Channel', 'Channel Partner / Reseller', 'Other']),
    reference('ParentId', ['Account'], 'Parent', { childRelationship: 'ChildAccounts' }),
    ...address('Billing'),
    phone('Phone'),
    text('AccountNumber', 40),
    url('Website'),
    picklist('Industry', INDUSTRIES),
    currency('AnnualRevenue', { scale: 0 }),
    integer('NumberOfEmployees', { label: 'Employees' }),
    picklist('Rating', ['Hot', 'Warm', 'Cold'], { restricted: true }),
    longText('Description'),
    owner(),
    externalId('Ext_Id__c'),
  ),
};

const Contact: SObject = {
  name: 'Contact',
  label: 'Contact',
  labelPlural: 'Contacts',
  keyPrefix: '003',
  nameField: 'Name',
  createable: true,
  fields: record(
    reference('AccountId', ['Account'], 'Account', { childRelationship: 'Contacts', onParentDelete: 'cascade' }),
    ...person,
    ...address('Mailing'),
    phone('Phone'),
    phone('MobilePhone'),
    reference('ReportsToId', ['Contact'], 'ReportsTo'),
    email('Email', { idLookup: true }),
    text('Title', 128),
    text('Department', 80),
    picklist('LeadSource', LEAD_SOURCES),
    date('Birthdate'),
    longText('Description'),
    checkbox('HasOptedOutOfEmail', { label: 'Email Opt Out' }),
    owner(),
    externalId('Ext_Id__c'),
    email('Email__c', { externalId: true, unique: true, idLookup: true, label: 'Email Key' }),
    number('Score__c'),
  ),
};

const Lead: SObject = {
  name: 'Lead',
  label: 'Lead',
  labelPlural: 'Leads',
  keyPrefix: '00Q',
  nameField: 'Name',
  createable: true,
  fields: record(
    ...person,
    text('Title', 128),
    text('Company', 255, { required: true }),
    text('Street'),
    text('City', 40),
    text('State', 80),
    text('PostalCode', 20),
    text('Country', 80),
    phone('Phone'),
    email('Email', { idLookup: true }),
    url('Website'),
    picklist('LeadSource', LEAD_SOURCES),
    picklist('Status', LEAD_STATUSES, { required: true, restricted: true, defaultValue: 'Open - Not Contacted' }),
    picklist('Industry', INDUSTRIES),
    picklist('Rating', ['Hot', 'Warm', 'Cold'], { restricted: true }),
    currency('AnnualRevenue', { scale: 0 }),
    integer('NumberOfEmployees', { label: 'Employees' }),
    longText('Description'),
    readOnlyField(checkbox('IsConverted')),
    owner(),
    externalId('Ext_Id__c'),
    number('Score__c'),
  ),
};

const Opportunity: SObject = {
  name: 'Opportunity',
  label: 'Opportunity',
  labelPlural: 'Opportunities',
  keyPrefix: '006',
  nameField: 'Name',
  createable: true,
  fields: record(
    reference('AccountId', ['Account'], 'Account', { childRelationship: 'Opportunities', onParentDelete: 'cascade' }),
    text('Name', 120, { required: true, label: 'Name' }),
    longText('Description'),
    picklist('StageName', Object.keys(STAGES), { required: true, restricted: true, label: 'Stage' }),
    currency('Amount'),
    percent('Probability', { label: 'Probability (%)' }),
    date('CloseDate', { required: true }),
    picklist('Type', ['Existing Customer - Upgrade', 'Existing Customer - Replacement', 'New Customer']),
    text('NextStep', 255),
    picklist('LeadSource', LEAD_SOURCES),
    readOnlyField(checkbox('IsClosed', { label: 'Closed' })),
    readOnlyField(checkbox('IsWon', { label: 'Won' })),
    reference('ContactId', ['Contact'], 'Contact', { updateable: false }),
    owner(),
    externalId('Ext_Id__c'),
  ),
};

const Case: SObject = {
  name: 'Case',
  label: 'Case',
  labelPlural: 'Cases',
  keyPrefix: '500',
  nameField: 'CaseNumber',
  createable: true,
  fields: record(
    readOnlyField(text('CaseNumber', 30)),
    reference('ContactId', ['Contact'], 'Contact', { childRelationship: 'Cases' }),
    reference('AccountId', ['Account'], 'Account', { childRelationship: 'Cases' }),
    picklist('Status', ['New', 'Working', 'Escalated', 'Closed'], { defaultValue: 'New' }),
    picklist('Priority', ['High', 'Medium', 'Low'], { defaultValue: 'Medium' }),
    picklist('Origin', ['Phone', 'Email', 'Web']),
    text('Subject', 255),
    longText('Description'),
    readOnlyField(checkbox('IsClosed', { label: 'Closed' })),
    owner(),
  ),
};

const Task: SObject = {
  name: 'Task',
  label: 'Task',
  labelPlural: 'Tasks',
  keyPrefix: '00T',
  nameField: 'Subject',
  createable: true,
  fields: record(
    reference('WhoId', ['Contact', 'Lead'], 'Who', { childRelationship: 'Tasks' }),
    reference('WhatId', ['Account', 'Opportunity', 'Case'], 'What', { childRelationship: 'Tasks' }),
    text('Subject', 255),
    date('ActivityDate', { label: 'Due Date Only' }),
    picklist('Status', ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'], {
      required: true,
      defaultValue: 'Not Started',
    }),
    picklist('Priority', ['High', 'Normal', 'Low'], { required: true, defaultValue: 'Normal' }),
    longText('Description'),
    readOnlyField(checkbox('IsClosed', { label: 'Closed' })),
    owner(),
  ),
};

export const OBJECTS: readonly SObject[] = [Account, Case, Contact, Lead, Opportunity, Organization, Task, User];
