import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;

const BYTES = 10_000;

/**
 * How many of the buffers that `act` is given, one each time, are still there after collections of the young generation alone, which is all that a
 * busy server has for a long time. What is in use all along is among them.
 */
export async function keptByMinorCollections(
  times: number,
  act: (n: number, bytes: ArrayBuffer) => unknown,
): Promise<number> {
  for (let n = 0; n < 30; n++) await act(n, new ArrayBuffer(0));
  // What is there for long is old from here on.
  for (let i = 0; i < 3; i++) collect({ type: 'minor' });
  const before = process.memoryUsage().arrayBuffers;
  for (let n = 30; n < 30 + times; n++) {
    await act(n, new ArrayBuffer(BYTES));
    if (n % 20 === 0) collect({ type: 'minor' });
  }
  // Each counts what the one before has given back.
  for (let i = 0; i < 3; i++) collect({ type: 'minor' });
  return Math.round((process.memoryUsage().arrayBuffers - before) / BYTES);
}
