import { type CredentialDefinition, type NodeContext, NodeError } from '../../sdk/index.ts';
import type { Authorization } from './authorization.ts';
import basic from './credential-http-basic.ts';
import bearer from './credential-http-bearer.ts';
import header from './credential-http-header.ts';
import oauth2 from './credential-http-oauth2.ts';
import query from './credential-http-query.ts';
import { fetchToken, hasExpired } from './oauth2-token.ts';

export const httpCredentials: readonly CredentialDefinition<unknown>[] = [basic, bearer, header, query, oauth2];

/** Kinds of sign-in as the documents name them. */
export const signIns = ['none', 'basic', 'bearer', 'header', 'query', 'oauth2'] as const;
export type SignIn = (typeof signIns)[number];

const TOKEN = 'oauth2-token';

/** What the node's credential puts on a request. An OAuth2 token is shared by all runs until it ends. */
export async function authorizationOf(ctx: NodeContext, wanted: SignIn | undefined): Promise<Authorization> {
  if (wanted === 'none') return { kind: 'none' };
  const type = ctx.credential === undefined ? '' : ctx.credentialType;
  if (wanted !== undefined && type !== `http-${wanted}`) throw wrongCredential(wanted);
  switch (type) {
    case 'http-basic':
      return { kind: 'basic', ...basic.fields.parse(ctx.credential) };
    case 'http-bearer':
      return { kind: 'bearer', ...bearer.fields.parse(ctx.credential) };
    case 'http-header':
      return { kind: 'header', ...header.fields.parse(ctx.credential) };
    case 'http-query':
      return { kind: 'query', ...query.fields.parse(ctx.credential) };
    case 'http-oauth2':
      return { kind: 'bearer', token: await currentToken(ctx) };
    default:
      return { kind: 'none' };
  }
}

/** Whether a new sign-in may help after a 401. */
export async function signInAgain(ctx: NodeContext): Promise<boolean> {
  if (ctx.credentialType !== 'http-oauth2') return false;
  await ctx.disconnect(TOKEN);
  return true;
}

async function currentToken(ctx: NodeContext): Promise<string> {
  const client = oauth2.fields.parse(ctx.credential);
  const open = () => fetchToken(client, ctx.http, ctx.signal, ctx.now());
  const token = await ctx.connect(TOKEN, open, () => {});
  if (!hasExpired(token, ctx.now())) return token.value;
  await ctx.disconnect(TOKEN);
  return (await ctx.connect(TOKEN, open, () => {})).value;
}

function wrongCredential(wanted: SignIn): NodeError {
  return new NodeError({
    class: 'config',
    code: 'http-credential-missing',
    message: `This step is to sign in with "${wanted}", but has no credential of that kind.`,
    remedy: 'Pick a credential of that kind in the step, or change how it signs in.',
    field: 'Sign-in',
  });
}
