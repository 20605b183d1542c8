import { type InputStream, origin, positionOf, type StepIO } from '../../sdk/index.ts';
import { chosenByKey } from './chosen-by-key.ts';
import { matchByKey, type Numbered } from './match-by-key.ts';
import { OrderedOutput } from './ordered-output.ts';
import { PositionSet } from './position-set.ts';
import type { ReadField } from './read-field.ts';

type IO = Pick<StepIO<unknown>, 'input' | 'emit' | 'emitColumns' | 'scratch' | 'workingMemory'>;

/** Positions of the records of the first input whose key is there for the first time. */
export function firstOfKey(io: IO, read: ReadField): Promise<PositionSet> {
  return chosenByKey(io, keysOf(io.input(), read), [readKey], 'first');
}

/** Positions of the records of the first input whose key is one in the reference. A record without a key has none. */
export async function withReference(io: IO, read: ReadField, readReference: ReadField): Promise<PositionSet> {
  const reference = io.input('reference');
  // Each key once: a record that met a thousand of the same key would be no more found for it.
  const firsts = await chosenByKey(io, keysOf(reference, readReference), [readKey], 'first');
  const found = new PositionSet();
  await matchByKey(
    io,
    { records: keysOf(io.input(), read), key: [readKey] },
    { records: keysOf(reference, readReference, firsts), key: [readKey] },
    { once: false, pair: (_record, from) => found.add(positionOf(from)) },
    new OrderedOutput(io, []),
  );
  return found;
}

const readKey: ReadField = ({ key }) => key;

/** The keys of the records, or of some of them, as records: what is put away of them is small. */
async function* keysOf(input: InputStream, read: ReadField, only?: PositionSet): Numbered {
  for await (const { records, start } of input.batches()) {
    const keys = [];
    const origins = [];
    for (const [i, record] of records.entries()) {
      if (only && !only.has(start + i)) continue;
      keys.push({ key: read(record) ?? null });
      origins.push(origin(input.slot, start + i));
    }
    yield { records: keys, origins };
  }
}
