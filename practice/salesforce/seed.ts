import type { Cell, Row } from '../database.ts';
import { Random } from '../random.ts';
import { formatDatetime } from './coerce.ts';
import { LEAD_SOURCES, LEAD_STATUSES, STAGES } from './objects.ts';
import type { Records } from './records.ts';
import { findObject } from './schema.ts';
import { COMPANY_ENDS, COMPANY_STARTS, FIRST_NAMES, LAST_NAMES, PLACES, type Place, TITLES } from './seed-names.ts';

const ACCOUNTS = 120;
const CONTACTS = 400;
const OPPORTUNITIES = 200;
const LEADS = 80;
const CASES = 40;
const TASKS = 60;
const DAY = 86_400_000;

export interface SeededOrg {
  organizationId: string;
  /** The user that the practice credentials sign in as. */
  userId: string;
}

interface SeedAccount {
  id: string;
  name: string;
  domain: string;
  place: Place;
  ownerId: string;
  createdAt: number;
}

/**
 * Fills an empty org with the same companies and people each time. Dates are counted back from now, so that
 * "last 30 days" and "closing this quarter" always find something; nothing is changed within the last day.
 */
export function seedOrg(records: Records, username: string, now: number): SeededOrg {
  return records.db.transaction(() => new Seeder(records, now).seed(username));
}

class Seeder {
  readonly #records: Records;
  readonly #now: number;
  readonly #random = new Random(20_240_229);
  #userId = '';
  #reps: string[] = [];

  constructor(records: Records, now: number) {
    this.#records = records;
    this.#now = now;
  }

  seed(username: string): SeededOrg {
    const organizationId = this.#insert('Organization', 800 * DAY, {
      Name: 'Sluice Practice',
      InstanceName: 'PRAC1',
      IsSandbox: 0,
      OrganizationType: 'Developer Edition',
      LanguageLocaleKey: 'en_US',
      TimeZoneSidKey: 'Etc/UTC',
    });
    this.#users(username);
    const accounts = this.#accounts();
    const contacts = this.#contacts(accounts);
    const opportunities = this.#opportunities(accounts, contacts);
    this.#leads();
    this.#cases(accounts, contacts);
    this.#tasks(contacts, opportunities);
    return { organizationId, userId: this.#userId };
  }

  #users(username: string): void {
    const user = (first: string, last: string, title: string, email: string) => ({
      Username: email,
      FirstName: first,
      LastName: last,
      Email: email,
      Alias: `${first[0]}${last}`.toLowerCase().slice(0, 8),
      Title: title,
      IsActive: 1,
      UserType: 'Standard',
      TimeZoneSidKey: 'Etc/UTC',
    });
    this.#userId = this.#insert('User', 780 * DAY, user('Robin', 'Practice', 'Administrator', username));
    const people: [string, string, string][] = [
      ['Nora', 'Lindholm', 'Account Executive'],
      ['Marcus', 'Bell', 'Account Executive'],
      ['Ayesha', 'Rahman', 'Senior Account Executive'],
      ['Tom', 'Okoro', 'Customer Success Manager'],
      ['Julie', 'Marchand', 'Sales Manager'],
    ];
    this.#reps = people.map(([first, last, title]) => {
      const email = `${first}.${last}@practice.example`.toLowerCase();
      return this.#insert('User', 760 * DAY, { ...user(first, last, title, email), ManagerId: this.#userId });
    });
  }

  #accounts(): SeedAccount[] {
    const random = this.#random;
    const used = new Set<string>();
    return Array.from({ length: ACCOUNTS }, (_, i) => {
      let name = '';
      let industry = '';
      do {
        const [line, ends] = random.pick(COMPANY_ENDS as [[string, [string, ...string[]]]]);
        industry = line;
        name = `${random.pick(COMPANY_STARTS)} ${random.pick(ends)}`;
      } while (used.has(name));
      used.add(name);
      const place = random.pick(PLACES);
      const domain = `${name.toLowerCase().replace(/[^a-z0-9]/g, '')}.example`;
      const employees = random.pick([8, 15, 25, 40, 60, 120, 250, 400, 900, 2500]) + random.between(0, 9);
      const ownerId = this.#rep();
      const age = random.between(60, 700) * DAY;
      const id = this.#insert('Account', age, {
        Name: name,
        Type: random.pick(['Prospect', 'Customer - Direct', 'Customer - Direct', 'Customer - Channel', 'Other']),
        BillingStreet: `${place.street} ${random.between(1, 180)}`,
        BillingCity: place.city,
        BillingState: place.state,
        BillingPostalCode: place.postalCode,
        BillingCountry: place.country,
        Phone: this.#phone(place),
        AccountNumber: `CD${String(10_000 + i * 7)}`,
        Website: `https://www.${domain}`,
        Industry: industry,
        AnnualRevenue: employees * random.between(80, 220) * 1000,
        NumberOfEmployees: employees,
        Rating: random.pick(['Hot', 'Warm', 'Cold', null]),
        OwnerId: ownerId,
        Ext_Id__c: `A-${i + 1}`,
      });
      return { id, name, domain, place, ownerId, createdAt: this.#now - age };
    });
  }

  #contacts(accounts: SeedAccount[]): { id: string; account: SeedAccount }[] {
    const random = this.#random;
    const used = new Set<string>();
    return Array.from({ length: CONTACTS }, (_, i) => {
      // Every account has a contact; the rest fall where they fall.
      const account = accounts[i] ?? this.#one(accounts);
      const { first, last, email } = this.#person(account.domain, used);
      const [title, department] = this.#one(TITLES);
      const id = this.#insert('Contact', this.#ageSince(account.createdAt), {
        AccountId: account.id,
        FirstName: first,
        LastName: last,
        MailingStreet: `${account.place.street} ${random.between(1, 180)}`,
        MailingCity: account.place.city,
        MailingState: account.place.state,
        MailingPostalCode: account.place.postalCode,
        MailingCountry: account.place.country,
        Phone: this.#phone(account.place),
        MobilePhone: random.chance(0.4) ? this.#phone(account.place) : null,
        Email: email,
        Title: title,
        Department: department,
        LeadSource: random.chance(0.7) ? random.pick(LEAD_SOURCES) : null,
        Birthdate: random.chance(0.2) ? this.#day(-random.between(9000, 22_000)) : null,
        HasOptedOutOfEmail: random.chance(0.06) ? 1 : 0,
        OwnerId: account.ownerId,
        Ext_Id__c: `C-${i + 1}`,
        Email__c: email,
        Score__c: random.chance(0.5) ? random.between(5, 95) : null,
      });
      return { id, account };
    });
  }

  #opportunities(accounts: SeedAccount[], contacts: { id: string; account: SeedAccount }[]): string[] {
    const random = this.#random;
    const stages = Object.keys(STAGES) as [string, ...string[]];
    return Array.from({ length: OPPORTUNITIES }, (_, i) => {
      const account = this.#one(accounts);
      const stage = random.chance(0.45)
        ? random.pick(['Closed Won', 'Closed Won', 'Closed Lost'])
        : random.pick(stages);
      const closed = stage.startsWith('Closed');
      const what = random.pick(['Platform', 'Annual Renewal', 'Expansion', 'Pilot', 'Services', 'Add-On Licences']);
      return this.#insert('Opportunity', this.#ageSince(account.createdAt), {
        AccountId: account.id,
        Name: `${account.name} - ${what}`,
        StageName: stage,
        Amount: random.chance(0.93) ? random.between(8, 480) * 500 : null,
        CloseDate: this.#day(closed ? -random.between(2, 330) : random.between(3, 160)),
        Type: random.pick(['New Customer', 'Existing Customer - Upgrade', 'Existing Customer - Replacement']),
        LeadSource: random.chance(0.6) ? random.pick(LEAD_SOURCES) : null,
        NextStep: closed
          ? null
          : random.pick(['Send proposal', 'Demo booked', 'Legal review', 'Call with finance', null]),
        ContactId: contacts.find((contact) => contact.account === account)?.id ?? null,
        OwnerId: account.ownerId,
        Ext_Id__c: `O-${i + 1}`,
      });
    });
  }

  #leads(): void {
    const random = this.#random;
    const used = new Set<string>();
    for (let i = 0; i < LEADS; i++) {
      const [industry, ends] = random.pick(COMPANY_ENDS as [[string, [string, ...string[]]]]);
      const company = `${random.pick(LAST_NAMES)} ${random.pick(ends)}`;
      const place = random.pick(PLACES);
      const domain = `${company.toLowerCase().replace(/[^a-z0-9]/g, '')}.example`;
      const { first, last, email } = this.#person(domain, used);
      this.#insert('Lead', random.between(2, 120) * DAY, {
        FirstName: first,
        LastName: last,
        Title: this.#one(TITLES)[0],
        Company: company,
        City: place.city,
        State: place.state,
        Country: place.country,
        Phone: this.#phone(place),
        Email: email,
        Website: `https://www.${domain}`,
        LeadSource: random.pick(LEAD_SOURCES),
        Status: random.pick(LEAD_STATUSES),
        Industry: industry,
        Rating: random.pick(['Hot', 'Warm', 'Cold', null]),
        NumberOfEmployees: random.between(3, 800),
        OwnerId: this.#rep(),
        Ext_Id__c: `L-${i + 1}`,
        Score__c: random.chance(0.3) ? random.between(5, 95) : null,
      });
    }
  }

  #cases(accounts: SeedAccount[], contacts: { id: string; account: SeedAccount }[]): void {
    const random = this.#random;
    for (let i = 0; i < CASES; i++) {
      const account = this.#one(accounts);
      this.#insert('Case', random.between(2, 90) * DAY, {
        AccountId: account.id,
        ContactId: contacts.find((contact) => contact.account === account)?.id ?? null,
        Status: random.pick(['New', 'Working', 'Escalated', 'Closed', 'Closed']),
        Priority: random.pick(['High', 'Medium', 'Medium', 'Low']),
        Origin: random.pick(['Phone', 'Email', 'Web']),
        Subject: random.pick([
          'Cannot sign in',
          'Invoice shows the wrong amount',
          'Export is empty',
          'Add a user',
          'Slow reports',
        ]),
        OwnerId: this.#rep(),
      });
    }
  }

  #tasks(contacts: { id: string }[], opportunities: string[]): void {
    const random = this.#random;
    for (let i = 0; i < TASKS; i++) {
      this.#insert('Task', random.between(2, 60) * DAY, {
        WhoId: this.#one(contacts).id,
        WhatId: random.chance(0.6) ? this.#one(opportunities) : null,
        Subject: random.pick(['Call', 'Email', 'Send quote', 'Follow up after demo', 'Prepare renewal']),
        ActivityDate: this.#day(random.between(-30, 30)),
        Status: random.pick(['Not Started', 'In Progress', 'Completed']),
        Priority: random.pick(['High', 'Normal', 'Normal', 'Low']),
        OwnerId: this.#rep(),
      });
    }
  }

  #insert(objectName: string, age: number, cells: Record<string, Cell>): string {
    const object = findObject(objectName);
    if (!object) throw new Error(`no object ${objectName}`);
    const created = formatDatetime(this.#now - age);
    const touched = formatDatetime(this.#now - Math.min(age, this.#random.between(DAY, Math.max(DAY, age))));
    const row: Row = {
      CreatedDate: created,
      CreatedById: this.#userId || null,
      LastModifiedDate: touched,
      LastModifiedById: this.#userId || null,
      SystemModstamp: touched,
      ...cells,
    };
    return this.#records.insertRow(object, row);
  }

  #person(domain: string, used: Set<string>): { first: string; last: string; email: string } {
    for (;;) {
      const first = this.#random.pick(FIRST_NAMES);
      const last = this.#random.pick(LAST_NAMES);
      const email = `${first}.${last}@${domain}`.toLowerCase().replace(/'/g, '');
      if (used.has(email)) continue;
      used.add(email);
      return { first, last, email };
    }
  }

  #one<T>(from: readonly T[]): T {
    return this.#random.pick(from as readonly [T, ...T[]]);
  }

  #rep(): string {
    return this.#one(this.#reps);
  }

  #phone(place: Place): string {
    return `${place.dial} 555 ${String(this.#random.between(0, 9999)).padStart(4, '0')}`;
  }

  #day(fromToday: number): string {
    return formatDatetime(this.#now + fromToday * DAY).slice(0, 10);
  }

  #ageSince(time: number): number {
    return this.#random.between(2, Math.max(2, Math.floor((this.#now - time) / DAY))) * DAY;
  }
}
