import { can } from '../../spec/api/permission.ts';
import { routes } from '../../spec/api/routes.ts';
import type { User } from '../../spec/api/session.ts';
import type { Caller } from '../auth/caller.ts';
import type { Services } from '../services.ts';
import type { Bind } from './bind.ts';

export function accessRoutes(bind: Bind, { accounts, tokens, audit }: Services): void {
  bind(routes.getSession, ({ caller }) => ({
    user: userOf(caller),
    needsOwner: !accounts.hasUsers(),
  }));

  bind(routes.listTokens, ({ caller }) => {
    const all = caller && can(caller.role, 'token.manage');
    return { tokens: tokens.list(all ? undefined : (caller?.userId ?? '')) };
  });
  bind(routes.createToken, ({ body, caller }) => tokens.create(present(caller), body.name, body.role));
  bind(routes.deleteToken, ({ params, caller }) => tokens.delete(params.id, present(caller)));

  bind(routes.listUsers, () => ({ users: accounts.list() }));
  bind(routes.createUser, ({ body }) => accounts.create(body));
  bind(routes.changeUser, ({ params, body }) => accounts.change(params.id, body));
  bind(routes.deleteUser, ({ params }) => {
    accounts.delete(params.id);
    tokens.deleteOfUser(params.id);
  });

  bind(routes.getAudit, ({ query }) => audit.list(query));
}

/** These routes need somebody, so that the caller is known here. */
function present(caller: Caller | undefined): Caller {
  if (!caller) throw new TypeError('A route that needs a caller was served without one');
  return caller;
}

function userOf(caller: Caller | undefined): User | null {
  if (!caller) return null;
  return { id: caller.userId ?? '', name: caller.name, email: caller.email, role: caller.role };
}
