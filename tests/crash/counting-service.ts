import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ANSWER } from './crash-workflows.ts';

/** A request that a workflow made: its address says which step of which run made it, and for which record. */
export interface CountedCall {
  readonly node: string;
  readonly run: string;
  readonly n: number;
  readonly body: Record<string, unknown>;
  /** Which life of the server it came in. */
  readonly life: number;
}

/** An outside that no kill reaches: it counts every request to `/<node>/<run>/<n>` and answers with what it was told. */
export class CountingService {
  readonly calls: CountedCall[] = [];
  life = 0;
  /** Called when a request has been counted and before it is answered. */
  counted: (call: CountedCall) => void = () => {};
  private readonly server = createServer((request, response) => {
    const [, node = '', run = '', n = ''] = (request.url ?? '').split('/');
    const { life } = this;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const call = { node, run, n: Number(n), body: text === '' ? {} : JSON.parse(text), life };
      const isFirst = !this.calls.some((one) => one.node === node && one.run === run && one.n === call.n);
      this.calls.push(call);
      this.counted(call);
      // Some reads fail at first, so that steps come to be retried.
      response.statusCode =
        node === 'look' && call.n === 3 && run.charCodeAt(run.length - 1) % 4 === 0 && isFirst ? 503 : 200;
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ run, n: call.n, ...(node === 'ask' ? { text: 'x'.repeat(ANSWER) } : {}) }));
    });
  });

  async open(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  count(node: string, run: string, n: number): number {
    return this.calls.filter((call) => call.node === node && call.run === run && call.n === n).length;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
