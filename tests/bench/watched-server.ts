import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { startServer } from '../../server/main.ts';
import { readSettings } from '../../server/settings.ts';

/** The server in a process that also watches its event loop, and tells on any message how late it was since the last one. */

export interface LoopDelay {
  /** Milliseconds that a turn of the event loop came too late. */
  readonly p99: number;
  readonly max: number;
  /** Milliseconds of processor time that the thread worked between two turns: the same without what other processes took. */
  readonly workP99: number;
  readonly workMax: number;
}

const RESOLUTION = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
const work = createHistogram();
const server = await startServer(readSettings(process.env));
delay.enable();
let before = process.threadCpuUsage();
setInterval(() => {
  const now = process.threadCpuUsage();
  work.record(Math.max(1, now.user - before.user + now.system - before.system));
  before = now;
}, RESOLUTION);
process.on('message', () => {
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
  process.send?.({
    p99: late(delay.percentile(99)),
    max: late(delay.max),
    workP99: work.percentile(99) / 1000,
    workMax: work.max / 1000,
  } satisfies LoopDelay);
  delay.reset();
  work.reset();
});
process.on('disconnect', () => void server.close().then(() => process.exit(0)));
process.send?.({ ready: true });
