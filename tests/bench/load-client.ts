import { connect, type Socket } from 'node:net';
import { percentile } from './measure.ts';

/**
 * A process that calls one address over kept-alive connections, one call at a time on each. It writes ready-made bytes and reads no more
 * of an answer than its status and length, so that on two cores the server, not the caller, is what is measured. (autocannon was
 * looked at: 23 packages, and its parser takes several times the time of this loop.)
 */

export interface Load {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
  /** Calls a second over all connections; as fast as answers come if absent. */
  readonly rate?: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly calls: number;
  /** Answers other than 2xx. */
  readonly failed: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** How long each call took. */
  readonly times: readonly number[];
}

process.on('message', (load: Load) => {
  void run(load).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));

async function run(load: Load): Promise<LoadResult> {
  const tally = { times: [] as number[], failed: 0 };
  const start = performance.now();
  const end = start + load.seconds * 1000;
  await Promise.all(Array.from({ length: load.connections }, (_, i) => callUntil(end, load, i, tally)));
  const seconds = (performance.now() - start) / 1000;
  const { times, failed } = tally;
  return {
    perSecond: times.length / seconds,
    calls: times.length,
    failed,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    times,
  };
}

async function callUntil(
  end: number,
  load: Load,
  index: number,
  tally: { times: number[]; failed: number },
): Promise<void> {
  const { port, path, body, rate, connections } = load;
  const bytes = Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const answers = new Answers(socket);
  const gap = rate === undefined ? 0 : (connections * 1000) / rate;
  let due = performance.now() + (gap * index) / connections;
  for (;;) {
    if (gap > 0) await until(due);
    const sent = gap > 0 ? due : performance.now();
    due += gap;
    if (performance.now() >= end) break;
    socket.write(bytes);
    const status = await answers.next();
    // A paced call is late from the moment at which it was due.
    tally.times.push(performance.now() - sent);
    if (status < 200 || status > 299) tally.failed++;
  }
  socket.destroy();
}

function until(moment: number): Promise<void> | undefined {
  const left = moment - performance.now();
  return left > 0 ? new Promise((resolve) => setTimeout(resolve, left)) : undefined;
}

/** Status codes of the answers on a connection, each given when its last byte is there. */
class Answers {
  private pending = '';
  private settle: ((status: number) => void) | undefined;
  private refuse: ((error: Error) => void) | undefined;

  constructor(socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.pending += text;
      this.look();
    });
    socket.on('error', (error) => this.refuse?.(error));
    socket.on('close', () => this.refuse?.(new Error('The server has closed the connection')));
  }

  next(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.settle = resolve;
      this.refuse = reject;
    });
  }

  private look(): void {
    const head = this.pending.indexOf('\r\n\r\n');
    if (head < 0) return;
    const headers = this.pending.slice(0, head);
    const length = /content-length: *(\d+)/i.exec(headers)?.[1];
    const isWhole =
      length === undefined ? this.pending.endsWith('\r\n0\r\n\r\n') : this.pending.length >= head + 4 + Number(length);
    if (!isWhole) return;
    const status = Number(this.pending.slice(9, 12));
    this.pending = '';
    this.settle?.(status);
  }
}
