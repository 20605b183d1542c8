import { type Batch, batchCount, sliceOfBatch } from './batch.ts';
import type { Brake } from './brake.ts';
import { Breath } from './breath.ts';
import type { InputStream } from './node.ts';
import { FIRST_PIECE, Pace } from './pace.ts';

type Act = (batch: Batch) => Brake;

/**
 * Goes through an input batch by batch, in order, and cuts batches that take long. With few records that are there, all is done when it
 * returns if `act` need not wait.
 */
export function eachBatch(input: InputStream, act: Act): Brake {
  const { whole } = input;
  if (whole === undefined) return inTurn(input, inPieces(act));
  const count = batchCount(whole);
  if (count === 0) return;
  return count <= FIRST_PIECE ? act(whole) : inPieces(act)(whole);
}

async function inTurn(input: InputStream, act: Act): Promise<void> {
  for await (const batch of input.batches()) {
    const acting = act(batch);
    if (acting) await acting;
  }
}

function inPieces(act: Act): Act {
  const pace = new Pace();
  const breath = new Breath();
  const goOn = (batch: Batch, from: number): Brake => {
    const count = batchCount(batch);
    for (let at = from; at < count; ) {
      const start = at;
      at = Math.min(start + pace.count, count);
      const brake = pace.piece(at - start, () => act(sliceOfBatch(batch, start, at)));
      if (at === count) return brake;
      const pause = brake ?? (breath.isSpent ? breath.pause() : undefined);
      if (pause) return pause.then(() => goOn(batch, at));
    }
  };
  return (batch) => goOn(batch, 0);
}
