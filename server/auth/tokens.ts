import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Token } from '../../spec/api/access.ts';
import { type Role, roles } from '../../spec/api/permission.ts';
import { Fault, notFound } from '../fault.ts';
import { type Database, migrate } from '../storage/sqlite/database.ts';
import type { Caller } from './caller.ts';

/** API tokens: shown once when made, kept as a hash. A token acts for its maker, with at most the maker's role of today. */
export interface Tokens {
  create(maker: Caller, name: string, role?: Role): { id: string; token: string };
  /** All of them, or those of one user. */
  list(userId?: string): Token[];
  delete(id: string, by: Caller): void;
  deleteOfUser(userId: string): void;
  /** Who a presented token stands for. */
  callerOf(token: string): Caller | undefined;
}

const PREFIX = 'sluice_';
/** Uses are noted at most this often, so that reading does not become writing. Milliseconds. */
const NOTE_USE_EVERY = 60_000;

export function createTokens(
  db: Database,
  now: () => number,
  userOf: (id: string) => { name: string; email: string; role: Role } | undefined,
): Tokens {
  migrate(db, 'tokens', [
    `create table token (id text primary key, hash blob not null unique, name text not null, role text not null,
      user_id text, created_at integer not null, last_used_at integer)`,
  ]);
  const insert = db.prepare('insert into token values (?, ?, ?, ?, ?, ?, null)');
  const byHash = db.prepare('select * from token where hash = ?');
  const byId = db.prepare('select * from token where id = ?');
  const all = db.prepare('select * from token order by created_at desc');
  const remove = db.prepare('delete from token where id = ?');
  const removeOfUser = db.prepare('delete from token where user_id = ?');
  const used = db.prepare('update token set last_used_at = ? where id = ?');

  const callerOf = (token: string): Caller | undefined => {
    if (!token.startsWith(PREFIX)) return undefined;
    const row = byHash.get(hashOf(token));
    if (!row) return undefined;
    const last = typeof row.last_used_at === 'number' ? row.last_used_at : 0;
    if (now() - last > NOTE_USE_EVERY) used.run(now(), String(row.id));
    const role = roleIn(row.role);
    if (row.user_id === null) return { via: 'token', name: String(row.name), email: 'token@localhost', role };
    const user = userOf(String(row.user_id));
    if (!user) return undefined;
    return {
      via: 'token',
      name: user.name,
      email: user.email,
      role: lower(role, user.role),
      userId: String(row.user_id),
    };
  };

  return {
    create: (maker, name, role = maker.role) => {
      if (lower(role, maker.role) !== role) {
        throw new Fault({
          kind: 'forbidden',
          code: 'role-above-own',
          message: `A token of role "${role}" may do more than you ("${maker.role}").`,
          remedy: 'Choose a role that is not above your own.',
        });
      }
      const id = randomUUID();
      const token = PREFIX + randomBytes(32).toString('base64url');
      insert.run(id, hashOf(token), name, role, maker.userId ?? null, now());
      return { id, token };
    },
    list: (userId) =>
      all
        .all()
        .filter((row) => userId === undefined || row.user_id === userId)
        .map((row) => tokenOf(row, userOf)),
    delete: (id, by) => {
      const row = byId.get(id);
      if (!row || (by.role !== 'admin' && row.user_id !== by.userId)) throw notFound('token', id);
      remove.run(id);
    },
    deleteOfUser: (userId) => {
      removeOfUser.run(userId);
    },
    callerOf,
  };
}

function tokenOf(row: Record<string, unknown>, userOf: (id: string) => { name: string } | undefined): Token {
  const userId = row.user_id === null ? undefined : String(row.user_id);
  const user = userId === undefined ? undefined : userOf(userId);
  return {
    id: String(row.id),
    name: String(row.name),
    role: roleIn(row.role),
    user: userId !== undefined && user ? { id: userId, name: user.name } : null,
    createdAt: Number(row.created_at),
    ...(row.last_used_at === null ? {} : { lastUsedAt: Number(row.last_used_at) }),
  };
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export function roleIn(value: unknown): Role {
  return roles.find((role) => role === value) ?? 'viewer';
}

function lower(a: Role, b: Role): Role {
  return roles.indexOf(a) <= roles.indexOf(b) ? a : b;
}
