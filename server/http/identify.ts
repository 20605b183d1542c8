import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Accounts } from '../auth/accounts.ts';
import { type Caller, localCaller } from '../auth/caller.ts';
import type { Tokens } from '../auth/tokens.ts';

export interface IdentifyOptions {
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  /** Token of the commands on this machine, for as long as this process lives. */
  readonly localToken: string;
}

/** Finds out who calls: by API token, else by session cookie. A token that is not (any more) valid is nobody, cookie or not. */
export function identifier({
  accounts,
  tokens,
  localToken,
}: IdentifyOptions): (req: Request) => Promise<Caller | undefined> {
  return async (req) => {
    const { authorization } = req.headers;
    if (authorization !== undefined) {
      const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? '';
      return isSame(token, localToken) ? localCaller : tokens.callerOf(token);
    }
    const user = await accounts.session(req.headers);
    return user && { via: 'session', name: user.name, email: user.email, role: user.role, userId: user.id };
  };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(left, right);
}
