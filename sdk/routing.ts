import type { Conditions } from '../spec/workflow/conditions.ts';
import { compileConditions } from '../spec/workflow/evaluate-conditions.ts';
import type { DataRecord } from '../spec/workflow/record.ts';
import { type Brake, both } from './brake.ts';
import { Collector } from './collector.ts';
import { eachBatch } from './each-batch.ts';
import { isRecordFault } from './errors.ts';
import { type Runner, type StepIO, UNCHANGED } from './node.ts';
import { origin } from './origins.ts';

export type RecordTest = (record: DataRecord, position: number) => boolean;

/**
 * Conditions of a parameter of scope `own`, made ready for the records of a step. Each side is evaluated only when the ones before it
 * leave the question open.
 */
export function conditionsTest<P, C>(io: StepIO<P, C>, conditions: Conditions): RecordTest {
  const at = { record: {} as DataRecord, position: 0 };
  const holds = compileConditions<typeof at>(
    conditions,
    (value) => {
      if (isFixed(value)) return () => value;
      const side = io.prepare(value);
      return ({ record, position }) => side(record, position);
    },
    { zone: io.ctx.run.zone },
  );
  return (record, position) => {
    at.record = record;
    at.position = position;
    return holds(at);
  };
}

function isFixed(value: unknown): boolean {
  return typeof value === 'string' ? !value.startsWith('=') : typeof value !== 'object' || value === null;
}

/**
 * Sends each record on, unchanged, to the ports that `plan` chooses for it; to several, to one or to none. A record whose choice
 * fails goes to `rejected`.
 */
export function routes<P, C>(
  plan: (io: StepIO<P, C>) => (record: DataRecord, position: number) => readonly string[],
): Runner<P, C> {
  return {
    readsAlong: true,
    portable: true,
    run: (io) => {
      const choose = plan(io);
      const input = io.input();
      return eachBatch(input, (batch) => {
        let brake: Brake | undefined;
        const out = new Collector();
        for (let i = 0; i < batch.records.length; i++) {
          const record = batch.records[i] as DataRecord;
          const position = batch.start + i;
          try {
            const ports = choose(record, position);
            for (let at = 0; at < ports.length; at++)
              out.add(ports[at] as string, record, origin(input.slot, position));
          } catch (error) {
            if (!isRecordFault(error)) throw error;
            brake = both(brake, io.reject(record, position, error));
          }
        }
        return both(brake, out.flush(io, UNCHANGED));
      });
    },
  };
}

/** Sends all records of the first input on to a port, unchanged. */
export function passThrough<P, C>(io: StepIO<P, C>, port = 'records'): void | Promise<void> {
  const input = io.input();
  return eachBatch(input, ({ records, start }) =>
    io.emit(port, records, { from: origin(input.slot, start) }, UNCHANGED),
  );
}
