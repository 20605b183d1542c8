import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { PracticeDatabase } from '../database.ts';

/** What a client needs to sign in to the practice org, whichever way it does it. */
export interface SalesforceCredentials {
  /** Both the login URL and the org's own ("My Domain") URL. */
  loginUrl: string;
  instanceUrl: string;
  clientId: string;
  clientSecret: string;
  username: string;
  password: string;
  /** RSA key in PEM (PKCS #8) whose public half is registered with the connected app, for the JWT bearer flow. */
  privateKey: string;
}

export interface Session {
  token: string;
  userId: string;
}

/** Fixed, because they guard nothing but made-up data on loopback and are easier to type. */
export const PRACTICE_APP = {
  clientId: '3MVG9PracticeConnectedApp.Sluice',
  clientSecret: 'practice-client-secret',
  username: 'robin.practice@practice.example',
  password: 'practice-password',
} as const;

const SESSION_LIFE = 2 * 3_600_000;

/** Access and refresh tokens, kept in the database so that a client stays signed in over a restart. */
export class Sessions {
  readonly #db: PracticeDatabase;
  readonly #clock: () => number;
  readonly #organizationId: () => string;

  constructor(db: PracticeDatabase, clock: () => number, organizationId: () => string) {
    this.#db = db;
    this.#clock = clock;
    this.#organizationId = organizationId;
    db.exec(
      'CREATE TABLE IF NOT EXISTS sf_sessions (token TEXT PRIMARY KEY, kind TEXT NOT NULL, user_id TEXT NOT NULL, expires_at INTEGER NOT NULL)',
    );
  }

  issue(userId: string): string {
    return this.#add('access', userId, `${this.#organizationId().slice(0, 15)}!${random(48)}`, SESSION_LIFE);
  }

  issueRefresh(userId: string): string {
    return this.#add('refresh', userId, `5Aep861${random(40)}`, 365 * 86_400_000);
  }

  /** The live session of an access token; each use prolongs it, as in Salesforce. */
  find(token: string): Session | undefined {
    const session = this.#live('access', token);
    if (session) {
      this.#db.run('UPDATE sf_sessions SET expires_at = ? WHERE token = ?', this.#clock() + SESSION_LIFE, token);
    }
    return session;
  }

  findRefresh(token: string): Session | undefined {
    return this.#live('refresh', token);
  }

  revoke(token: string): boolean {
    return this.#db.run('DELETE FROM sf_sessions WHERE token = ?', token).changes > 0;
  }

  /** Ends every access token at once; refresh tokens and other ways to sign in still work. */
  expireAll(): void {
    this.#db.run("DELETE FROM sf_sessions WHERE kind = 'access'");
  }

  clear(): void {
    this.#db.run('DELETE FROM sf_sessions');
  }

  #add(kind: string, userId: string, token: string, life: number): string {
    this.#db.run('INSERT INTO sf_sessions VALUES (?, ?, ?, ?)', token, kind, userId, this.#clock() + life);
    return token;
  }

  #live(kind: string, token: string): Session | undefined {
    const row = this.#db.get(
      'SELECT user_id FROM sf_sessions WHERE token = ? AND kind = ? AND expires_at > ?',
      token,
      kind,
      this.#clock(),
    );
    return row ? { token, userId: String(row.user_id) } : undefined;
  }
}

interface KeyPair {
  privateKey: string;
  publicKey: string;
}

/** In-memory orgs of one process share a pair: making one takes a tenth of a second. */
let memoryPair: Promise<KeyPair> | undefined;

/** The connected app's key pair: from the database where it was kept, else made now. */
export async function keyPair(db: PracticeDatabase): Promise<KeyPair> {
  const kept = db.meta('salesforce.keys');
  if (kept) return JSON.parse(kept) as KeyPair;
  memoryPair ??= promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const made = await memoryPair;
  db.setMeta('salesforce.keys', JSON.stringify(made));
  return made;
}

function random(length: number): string {
  return randomBytes(length).toString('base64url').replace(/[-_]/g, '.').slice(0, length);
}
