import type { PracticeDatabase } from '../database.ts';
import { RequestLog } from '../request-log.ts';
import { BULK_TABLES } from './bulk-tables.ts';
import { FaultState } from './faults.ts';
import { Queries } from './query.ts';
import { Records } from './records.ts';
import { allObjects, createTables, tableOf } from './schema.ts';
import { seedOrg } from './seed.ts';
import { keyPair, PRACTICE_APP, type SalesforceCredentials, Sessions } from './sessions.ts';

/** Requests that one day allows, as an Enterprise Edition org does. */
export const DAILY_REQUESTS = 100_000;
const DAY = 86_400_000;

/** One practice org: its records, sessions, faults and request log. The wire protocol is in the files around it. */
export class Org {
  readonly db: PracticeDatabase;
  readonly clock: () => number;
  readonly faults = new FaultState();
  readonly requests: RequestLog;
  readonly records: Records;
  readonly queries: Queries;
  readonly sessions: Sessions;
  readonly publicKey: string;
  readonly #privateKey: string;
  organizationId = '';
  userId = '';
  /** Where the org is reached; known once the server listens. */
  url = '';
  readonly #background = new Set<Promise<void>>();
  #stopped = false;
  #used = 0;
  #usedSince = 0;

  private constructor(db: PracticeDatabase, clock: () => number, keys: { privateKey: string; publicKey: string }) {
    this.db = db;
    this.clock = clock;
    this.#privateKey = keys.privateKey;
    this.publicKey = keys.publicKey;
    db.exec(createTables());
    db.exec(BULK_TABLES);
    this.requests = new RequestLog(db, 'salesforce', clock);
    this.records = new Records(db, this.faults, clock);
    this.queries = new Queries(db, clock);
    this.sessions = new Sessions(db, clock, () => this.organizationId);
  }

  static async open(db: PracticeDatabase, clock: () => number): Promise<Org> {
    const org = new Org(db, clock, await keyPair(db));
    const kept = db.meta('salesforce.org');
    if (kept) Object.assign(org, JSON.parse(kept) as { organizationId: string; userId: string });
    else org.#seed();
    return org;
  }

  get credentials(): SalesforceCredentials {
    return { loginUrl: this.url, instanceUrl: this.url, ...PRACTICE_APP, privateKey: this.#privateKey };
  }

  /** Back to the first day: seeded records alone, no faults, no requests. Tokens stay good. */
  reset(): void {
    this.db.transaction(() => {
      for (const object of allObjects()) {
        this.db.run(`DELETE FROM ${tableOf(object)}`);
        this.db.run('DELETE FROM sqlite_sequence WHERE name = ?', `sf_${object.name}`);
      }
      for (const table of ['sf_bulk_jobs', 'sf_bulk_results', 'sf_cursors']) this.db.run(`DELETE FROM ${table}`);
      this.#seed();
      this.requests.clear();
    });
    this.faults.clear();
    this.#used = 0;
  }

  /** A transaction of the database in which what is undone also no longer counts as written. */
  transaction<T>(act: () => T): T {
    const before = this.records.written;
    try {
      return this.db.transaction(act);
    } catch (error) {
      this.records.written = before;
      throw error;
    }
  }

  /** Requests of the last day, for the limits. */
  get used(): number {
    return this.faults.settings.requestLimitReached ? DAILY_REQUESTS : Math.min(this.#used, DAILY_REQUESTS);
  }

  /** @returns false where the request limit is reached */
  countRequest(): boolean {
    if (this.clock() - this.#usedSince > DAY) {
      this.#used = 0;
      this.#usedSince = this.clock();
    }
    this.#used++;
    return this.#used <= DAILY_REQUESTS && !this.faults.settings.requestLimitReached;
  }

  /** Runs work that goes on after its request was answered; `stopped` turns true when the org closes. */
  inBackground(act: (stopped: () => boolean) => Promise<void>): void {
    const running: Promise<void> = act(() => this.#stopped).finally(() => this.#background.delete(running));
    this.#background.add(running);
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#background);
  }

  #seed(): void {
    const seeded = seedOrg(this.records, PRACTICE_APP.username, this.clock());
    this.records.written = 0;
    this.organizationId = seeded.organizationId;
    this.userId = seeded.userId;
    this.db.setMeta('salesforce.org', JSON.stringify(seeded));
  }
}
