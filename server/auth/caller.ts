import { type Action, can, type Role } from '../../spec/api/permission.ts';
import { Fault } from '../fault.ts';

/** Who asks: a person with a session, an API token, or a command on this machine. */
export interface Caller {
  readonly via: 'session' | 'token' | 'local';
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Absent for a token whose maker is not a user, such as one made by the command line. */
  readonly userId?: string;
}

/** The commands on this machine, which can read all data anyway. */
export const localCaller: Caller = { via: 'local', name: 'command line', email: 'cli@localhost', role: 'admin' };

export function authorise(caller: Caller | undefined, needs: Action | 'public' | 'signed-in'): void {
  if (needs === 'public') return;
  if (!caller) {
    throw new Fault({
      kind: 'unauthenticated',
      code: 'not-signed-in',
      message: 'Nobody is signed in here.',
      remedy: 'Sign in, or send an API token as "Authorization: Bearer <token>".',
    });
  }
  if (needs !== 'signed-in' && !can(caller.role, needs)) {
    throw new Fault({
      kind: 'forbidden',
      code: 'not-allowed',
      message: `The role "${caller.role}" may not do this.`,
      remedy: 'Ask an administrator for a role that may.',
    });
  }
}
