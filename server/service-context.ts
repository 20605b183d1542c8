import { Connections } from '../engine/connections.ts';
import type { Clock, EnginePorts } from '../engine/ports.ts';
import { type NodeContext, NodeError } from '../sdk/index.ts';

export type ServicePorts = Pick<EnginePorts, 'clock' | 'http' | 'paced' | 'egress' | 'files' | 'credentials'>;

export interface ServiceCall {
  /** Credential to connect with; none if absent. */
  readonly credential?: string | undefined;
  readonly workflow?: { readonly id: string; readonly name: string; readonly zone: string };
  readonly node?: { readonly id: string; readonly name: string };
  readonly signal: AbortSignal;
}

/** Contexts for what reads a service outside of a run: dropdowns, previews, polling triggers. They can neither suspend nor start runs. */
export class ServiceContexts {
  private readonly ports: ServicePorts;
  private readonly connections: Connections;

  constructor(ports: ServicePorts) {
    this.ports = ports;
    this.connections = new Connections(ports.clock);
  }

  async open({ credential, workflow, node, signal }: ServiceCall): Promise<NodeContext> {
    const { clock, egress, files, http, paced } = this.ports;
    const resolved = credential === undefined ? undefined : await this.ports.credentials.resolve(credential);
    const id = credential ?? '';
    let client: NodeContext['http'] | undefined;
    return {
      credential: resolved?.values,
      credentialType: resolved?.type ?? '',
      get http() {
        client ??= http({ signal, ...(credential === undefined ? {} : { credentialId: credential }) });
        return client;
      },
      egress,
      files,
      signal,
      run: {
        id: '',
        workflowId: workflow?.id ?? '',
        workflowName: workflow?.name ?? '',
        startedAt: clock.now(),
        zone: workflow?.zone ?? 'UTC',
      },
      step: { nodeId: node?.id ?? '', nodeName: node?.name ?? '', attempt: 1 },
      now: () => clock.now(),
      sleep: (ms) => sleep(clock, ms, signal),
      log: () => {},
      progress: () => {},
      connect: (key, open, close) => this.connections.connect(id, key, open, close),
      paced: (act) => (paced && id !== '' ? paced(id, signal, act) : act()),
      disconnect: (key) => this.connections.disconnect(id, key),
      memory: { get: async () => undefined, set: () => {}, add: () => {} },
      suspend: () => Promise.reject(outsideOfRun()),
      respond: () => {},
      startRun: () => Promise.reject(outsideOfRun()),
    };
  }

  /** Ends the connections that were made with a credential. */
  forget(credential: string): void {
    void this.connections.disconnect(credential);
  }

  close(): Promise<void> {
    return this.connections.close();
  }
}

function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = clock.after(ms, () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
    const aborted = () => {
      stop();
      reject(signal.reason);
    };
    signal.addEventListener('abort', aborted, { once: true });
  });
}

function outsideOfRun(): NodeError {
  return new NodeError({
    class: 'config',
    code: 'outside-of-run',
    message: 'This can only be done by a step of a run.',
    remedy: 'Run the workflow.',
  });
}
