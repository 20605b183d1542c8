import { type Batch, batchCount } from './batch.ts';
import type { InputStream } from './node.ts';

/** Goes through an input batch by batch, in order. With few records that are there, all is done when it returns if `act` need not wait. */
export function eachBatch(input: InputStream, act: (batch: Batch) => void | Promise<void>): void | Promise<void> {
  const { whole } = input;
  if (whole === undefined) return inTurn(input, act);
  if (batchCount(whole) > 0) return act(whole);
}

async function inTurn(input: InputStream, act: (batch: Batch) => void | Promise<void>): Promise<void> {
  for await (const batch of input.batches()) {
    const acting = act(batch);
    if (acting) await acting;
  }
}
