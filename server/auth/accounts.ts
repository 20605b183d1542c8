import type { IncomingHttpHeaders } from 'node:http';
import type { Role } from '../../spec/api/permission.ts';
import type { User } from '../../spec/api/session.ts';
import { Fault, notFound } from '../fault.ts';
import { OnDemand } from '../on-demand.ts';
import { type Database, migrate, transaction } from '../storage/sqlite/database.ts';
import type { AuthRequest } from './better-auth.ts';
import { roleIn } from './tokens.ts';

/**
 * Users and their sessions. The tables are better-auth's; it is loaded at the first sign-in or session, since loading it takes longer than
 * all else at start.
 */
export interface Accounts {
  hasUsers(): boolean;
  user(id: string): User | undefined;
  list(): (User & { createdAt: number })[];
  /** The first user becomes the owner, an administrator; `onlyFirst` refuses when there is one already. */
  create(user: NewUser, options?: { onlyFirst?: boolean }): Promise<User>;
  change(
    id: string,
    change: { name?: string | undefined; role?: Role | undefined; password?: string | undefined },
  ): Promise<User>;
  delete(id: string): void;
  /** The user of the session cookie. */
  session(headers: IncomingHttpHeaders): Promise<User | undefined>;
  /** Serves `/api/auth/*` but sign-up. */
  respond(request: AuthRequest): Promise<Response>;
  /** Loads what the first sign-in would otherwise wait for. */
  warm(): Promise<void>;
}

export interface NewUser {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly role: Role;
}

const tables = `
create table "user" ("id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" integer not null,
  "image" text, "createdAt" date not null, "updatedAt" date not null, "role" text not null);
create table "session" ("id" text not null primary key, "expiresAt" date not null, "token" text not null unique, "createdAt" date not null,
  "updatedAt" date not null, "ipAddress" text, "userAgent" text, "userId" text not null references "user" ("id") on delete cascade);
create table "account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null,
  "userId" text not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text,
  "accessTokenExpiresAt" date, "refreshTokenExpiresAt" date, "scope" text, "password" text, "createdAt" date not null, "updatedAt" date not null);
create table "verification" ("id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" date not null,
  "createdAt" date not null, "updatedAt" date not null);
create index "session_userId_idx" on "session" ("userId");
create index "account_userId_idx" on "account" ("userId");
create index "verification_identifier_idx" on "verification" ("identifier");`;

export function createAccounts(db: Database, secret: string): Accounts {
  migrate(db, 'accounts', [tables]);
  const first = db.prepare('select 1 from "user" limit 1');
  const byId = db.prepare('select * from "user" where id = ?');
  const byEmail = db.prepare('select 1 from "user" where email = ?');
  const all = db.prepare('select * from "user" order by "createdAt"');

  const passwords = new OnDemand(async () => (await import('./better-auth.ts')).createPasswords(db, secret));

  const user = (id: string): User | undefined => {
    const row = byId.get(id);
    return row && userOf(row);
  };
  const existing = (id: string): User => {
    const found = user(id);
    if (!found) throw notFound('user', id);
    return found;
  };
  /** Nobody could make users, or a new administrator, after the last one has gone. */
  const keepOneAdmin = (id: string) => {
    const admins = all.all().filter((row) => row.role === 'admin');
    if (admins.length === 1 && admins[0]?.id === id) {
      throw new Fault({
        kind: 'conflict',
        code: 'last-administrator',
        message: 'This is the last administrator.',
        remedy: 'Make another user an administrator first.',
      });
    }
  };

  return {
    hasUsers: () => first.get() !== undefined,
    user,
    list: () => all.all().map((row) => ({ ...userOf(row), createdAt: Date.parse(String(row.createdAt)) })),
    create: async (given, { onlyFirst = false } = {}) => {
      const { hash } = await passwords.get();
      const email = given.email.trim().toLowerCase();
      const hashed = await hash(given.password);
      const id = crypto.randomUUID();
      // Hashing waits, so that two may come here at once: who is first is decided in one transaction.
      transaction(db, () => {
        const isFirst = first.get() === undefined;
        if (onlyFirst && !isFirst) throw signUpClosed();
        if (byEmail.get(email)) {
          throw new Fault({
            kind: 'conflict',
            code: 'email-taken',
            message: `There is already a user with the e-mail address ${email}.`,
            remedy: 'Use another address, or change that user.',
          });
        }
        const now = new Date().toISOString();
        db.prepare('insert into "user" values (?, ?, ?, 0, null, ?, ?, ?)').run(
          id,
          given.name,
          email,
          now,
          now,
          isFirst ? 'admin' : given.role,
        );
        db.prepare(
          'insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt") values (?, ?, ?, ?, ?, ?, ?)',
        ).run(crypto.randomUUID(), id, 'credential', id, hashed, now, now);
      });
      return existing(id);
    },
    change: async (id, { name, role, password }) => {
      const before = existing(id);
      if (role !== undefined && role !== 'admin') keepOneAdmin(id);
      const hashed = password === undefined ? undefined : await (await passwords.get()).hash(password);
      transaction(db, () => {
        db.prepare('update "user" set name = ?, role = ? where id = ?').run(
          name ?? before.name,
          role ?? before.role,
          id,
        );
        if (hashed === undefined) return;
        db.prepare(`update "account" set password = ? where "userId" = ? and "providerId" = 'credential'`).run(
          hashed,
          id,
        );
        db.prepare('delete from "session" where "userId" = ?').run(id);
      });
      return existing(id);
    },
    delete: (id) => {
      existing(id);
      keepOneAdmin(id);
      db.prepare('delete from "user" where id = ?').run(id);
    },
    session: async (headers) => {
      if (!headers.cookie?.includes('sluice.session_token')) return undefined;
      const id = await (await passwords.get()).sessionUser(headers);
      return id === undefined ? undefined : user(id);
    },
    respond: async (request) => (await passwords.get()).respond(request),
    warm: async () => {
      await passwords.get();
    },
  };
}

export function signUpClosed(): Fault {
  return new Fault({
    kind: 'forbidden',
    code: 'sign-up-closed',
    message: 'The owner account is there already, so nobody can sign up here.',
    remedy: 'Ask an administrator to make an account for you under Settings.',
  });
}

function userOf(row: Record<string, unknown>): User {
  return { id: String(row.id), name: String(row.name), email: String(row.email), role: roleIn(row.role) };
}
