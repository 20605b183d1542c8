import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import type { Agent } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { NodeError } from '../../sdk/index.ts';
import { http } from '../../sdk/node-http.ts';
import type { AddressPolicy } from './address-policy.ts';

/** How a name becomes addresses; tests give their own. */
export type Resolve = (
  hostname: string,
  answer: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

export const systemResolve: Resolve = (hostname, answer) => {
  dnsLookup(hostname, { all: true }, answer);
};

export interface GuardedAgents {
  readonly http: Agent;
  readonly https: https.Agent;
}

/**
 * Keep-alive agents whose every new connection is checked at the moment it is made, against the very address that is dialled. So a
 * redirect, a DNS answer that changes, or an odd spelling of an address cannot get round the policy.
 */
export function guardedAgents(policy: AddressPolicy, resolve: Resolve = systemResolve): GuardedAgents {
  const options = { keepAlive: true, keepAliveMsecs: 1_000, maxSockets: 64, maxFreeSockets: 16, timeout: 0 };
  return {
    http: guard(new http.Agent(options), policy, resolve),
    https: guard(new https.Agent(options), policy, resolve),
  };
}

interface Connection {
  host?: string | null;
  port?: number | string | null;
  lookup?: LookupFunction;
}

interface Connector {
  createConnection(options: Connection, callback?: (error: Error | null, socket: Duplex) => void): Duplex;
}

function guard<A extends Agent>(agent: A, policy: AddressPolicy, resolve: Resolve): A {
  const connector = agent as unknown as Connector;
  const connect = connector.createConnection.bind(agent);
  connector.createConnection = (options, callback) => {
    const host = (options.host ?? 'localhost').replace(/^\[|\]$/g, '');
    const port = Number(options.port);
    if (isIP(host) !== 0) {
      if (!policy.allows(host, port)) throw refusal(host, host, port);
      return connect(options, callback);
    }
    return connect({ ...options, lookup: checkedLookup(port, policy, resolve) }, callback);
  };
  return agent;
}

/** Hands the socket only addresses that are allowed, so what is checked is what is dialled. */
function checkedLookup(port: number, policy: AddressPolicy, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const allowed = addresses.filter((one) => policy.allows(one.address, port));
      const [first] = allowed;
      if (first === undefined) callback(refusal(hostname, addresses[0]?.address ?? 'no address', port), '', 0);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * For clients that open their own sockets: rejects unless every address of the host is allowed. A name that does not resolve passes,
 * so that the client says so in its own words.
 */
export async function checkHost(host: string, port: number, policy: AddressPolicy, resolve: Resolve): Promise<void> {
  const bare = host.replace(/^\[|\]$/g, '');
  const addresses = isIP(bare) === 0 ? await addressesOf(bare, resolve) : [bare];
  const refused = addresses.find((address) => !policy.allows(address, port));
  if (refused !== undefined) throw refusal(bare, refused, port);
}

function addressesOf(host: string, resolve: Resolve): Promise<string[]> {
  return new Promise((done) => {
    resolve(host, (error, addresses) => done(error === null ? addresses.map((one) => one.address) : []));
  });
}

function refusal(host: string, address: string, port: number): NodeError {
  const where = host === address ? `${address}` : `${host} (${address})`;
  return new NodeError({
    class: 'config',
    code: 'egress-refused',
    message: `${where} is a private or reserved address, and workflows may not connect to those.`,
    remedy: `Check the address. If it is meant, ask the administrator to add its range to SLUICE_ALLOW_PRIVATE, such as SLUICE_ALLOW_PRIVATE=${suggestedRange(address)}.`,
    details: { host, address, port },
  });
}

function suggestedRange(address: string): string {
  return isIP(address) === 6 ? `${address}/128` : isIP(address) === 4 ? `${address}/32` : '10.0.0.0/8';
}
