import { createRequire } from 'node:module';
import type { AxiosInstance, AxiosResponse, AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import { type Egress as EgressCheck, NodeError } from '../../sdk/index.ts';
import { addressPolicy } from './address-policy.ts';
import { checkHost, guardedAgents, type Resolve, systemResolve } from './guarded-agents.ts';

export interface EgressOptions {
  /** Address ranges let through, as `SLUICE_ALLOW_PRIVATE` names them. */
  readonly allow?: readonly string[];
  readonly resolve?: Resolve;
}

/** The one way out. One egress shares one HTTP connection pool; its clients differ in the signal that ends them. */
export interface Egress extends EgressCheck {
  /** `pace` makes each request when it is its turn. */
  http(options?: { readonly signal?: AbortSignal; readonly pace?: Pace }): AxiosInstance;
  /** Opens one literal address and port, such as a practice server's; the returned function closes it again. */
  open(address: string, port: number): () => void;
  close(): void;
}

export type Pace = (send: () => Promise<AxiosResponse>) => Promise<AxiosResponse>;

const HOPS = 10;

const require = createRequire(import.meta.url);

/** Loaded with the first client: a server that calls nobody does without it. */
const loadAxios = (): AxiosStatic => require('axios');

/**
 * Requests to private, loopback, link-local, reserved and metadata addresses fail with a NodeError `egress-refused`; other
 * failures stay axios errors, for the connector to classify. Proxies of the environment are not used: they would hide the address.
 */
export function createEgress(options: EgressOptions = {}): Egress {
  const policy = addressPolicy(options.allow ?? []);
  const resolve = options.resolve ?? systemResolve;
  const agents = guardedAgents(policy, resolve);
  return {
    http({ signal, pace } = {}) {
      const axios = loadAxios();
      const send = axios.getAdapter('http');
      const adapter = pace ? (config: InternalAxiosRequestConfig) => pace(() => send(config)) : 'http';
      const client = axios.create({
        adapter: 'http',
        httpAgent: agents.http,
        httpsAgent: agents.https,
        proxy: false,
        maxRedirects: HOPS,
        ...(signal === undefined ? {} : { signal }),
      });
      client.interceptors.request.use((config) => {
        const url = client.getUri(config);
        if (!/^https?:\/\//i.test(url)) throw notWeb(url);
        return {
          ...config,
          adapter,
          proxy: false,
          socketPath: null,
          httpAgent: agents.http,
          httpsAgent: agents.https,
        };
      });
      client.interceptors.response.use(undefined, (error: unknown) => Promise.reject(refusalIn(error, axios) ?? error));
      return client;
    },
    check: (host, port) => checkHost(host, port, policy, resolve),
    open: policy.open,
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function refusalIn(error: unknown, axios: AxiosStatic): NodeError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at instanceof NodeError) return at;
    if (at instanceof AggregateError) for (const one of at.errors) if (one instanceof NodeError) return one;
    if (!axios.isAxiosError(at) && at.cause === undefined) return undefined;
  }
  return undefined;
}

function notWeb(url: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'egress-refused',
    message: `"${url.slice(0, 80)}" is not a web address that a workflow can call.`,
    remedy: 'Write a full address that starts with http:// or https://.',
  });
}
