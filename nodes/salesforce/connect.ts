import type { Connection } from '@jsforce/jsforce-node/lib/core.js';
import type { NodeContext } from '../../sdk/index.ts';
import type { SalesforceValues } from './credential-salesforce.ts';
import { Session } from './session.ts';

export type SalesforceContext = NodeContext<SalesforceValues>;

const connections = new WeakMap<SalesforceContext, Promise<Connection>>();

/** The step's connection. Its session is shared by all runs with the credential; its requests end with the step. */
export function connect(ctx: SalesforceContext): Promise<Connection> {
  let connection = connections.get(ctx);
  if (connection === undefined) {
    connection = open(ctx);
    connections.set(ctx, connection);
    connection.catch(() => connections.delete(ctx));
  }
  return connection;
}

async function open(ctx: SalesforceContext): Promise<Connection> {
  const { guardedConnection } = await import('./guarded-connection.ts');
  const session = await ctx.connect(
    'session',
    async () => new Session(ctx.credential),
    () => undefined,
  );
  return guardedConnection(session, {
    http: ctx.http,
    signal: ctx.signal,
    limitNear: (used, limit) =>
      ctx.log('warn', `This Salesforce has used ${used} of its ${limit} API requests of the last 24 hours.`),
  });
}
