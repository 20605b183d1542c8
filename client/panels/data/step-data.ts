import type { StepView } from '../../../spec/api/run.ts';
import type { DataRecord } from '../../../spec/workflow/record.ts';
import type { RecordsAt } from '../../api/queries.ts';
import { columnsOf } from '../../ui/cell.ts';

/** What is known of a step's output: the first records of a port, from a kept sample or a run. */
export interface StepData {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly connector: string;
  readonly port: string;
  readonly records: readonly DataRecord[];
  readonly total: number;
  readonly from: 'sample' | 'run' | 'nothing';
  /** Where all of the records are, if they come from a run. */
  readonly at: RecordsAt | undefined;
  readonly loading: boolean;
}

/** A column that can be used in a field, with its value in the sample row. */
export interface Column {
  readonly step: StepData;
  /** It comes with the record itself, so `$json` reads it. */
  readonly own: boolean;
  readonly name: string;
  readonly sample: unknown;
}

/**
 * Key of the step whose records are shown for a node. One inside a container has a step in each of its rounds: of those that can be
 * looked at it is one that gave something at the port.
 */
export function shownStep({ node, inRounds = [] }: StepView, port: string): string {
  return (inRounds.find(({ out }) => (out[port] ?? 0) > 0) ?? inRounds[0])?.step ?? node;
}

/** The record of a step that a row most likely came from. Only the server knows origins; this is for previews. */
export function matchingRecord(
  records: readonly DataRecord[],
  row: DataRecord | undefined,
  position: number,
  rows: number,
): DataRecord | undefined {
  if (records.length === rows || row === undefined) return records[position] ?? records[0];
  let best = records[0];
  let most = 0;
  for (const record of records) {
    let shared = 0;
    for (const [name, value] of Object.entries(row)) {
      if (value !== null && value !== '' && typeof value !== 'object' && record[name] === value) shared++;
    }
    if (shared > most) [best, most] = [record, shared];
  }
  return best;
}

export function columnsOfStep(step: StepData, own: boolean, record: DataRecord | undefined): Column[] {
  const first = record ? [record] : [];
  return columnsOf([...first, ...step.records]).map((name) => ({ step, own, name, sample: record?.[name] }));
}
