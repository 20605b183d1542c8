import { compileTemplate, ExpressionError, type NodeView, type Scope } from '../../../spec/expression/index.ts';
import type { DataRecord } from '../../../spec/workflow/record.ts';
import { copyText } from '../../ui/cell.ts';
import { matchingRecord, type StepData } from './step-data.ts';

/** What a field's value is for the sample row. */
export type Preview =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'problem'; readonly message: string; readonly remedy: string }
  /** The expression reads data that no sample or run has brought yet. */
  | { readonly kind: 'no-data' };

export interface PreviewWorld {
  /** The row that `$json` stands for. */
  readonly row: DataRecord | undefined;
  readonly position: number;
  readonly rows: readonly DataRecord[];
  readonly steps: readonly StepData[];
  readonly now: number;
  readonly zone: string;
  readonly workflow: { readonly id: string; readonly name: string };
  readonly vars: Readonly<Record<string, unknown>>;
}

export function previewOf(template: string, world: PreviewWorld): Preview {
  try {
    const compiled = compileTemplate(template);
    const { reads } = compiled;
    const missing = (name: string) => {
      const step = world.steps.find((candidate) => candidate.id === name || candidate.name === name);
      return step !== undefined && step.records.length === 0;
    };
    if (((reads.json || reads.input) && world.row === undefined) || reads.nodes.some(missing))
      return { kind: 'no-data' };
    const value = compiled.evaluate(scopeOf(world));
    if (value === undefined || value === null || value === '') return { kind: 'empty' };
    return { kind: 'value', text: copyText(value) };
  } catch (error) {
    if (error instanceof ExpressionError) return { kind: 'problem', message: error.message, remedy: error.remedy };
    throw error;
  }
}

function scopeOf(world: PreviewWorld): Scope {
  return {
    json: world.row,
    itemIndex: world.position,
    node(name) {
      const step = world.steps.find((candidate) => candidate.id === name || candidate.name === name);
      return step && viewOf(step.records, matchingRecord(step.records, world.row, world.position, world.rows.length));
    },
    nodeNames: () => world.steps.map((step) => step.name),
    input: viewOf(world.rows, world.row),
    now: world.now,
    zone: world.zone,
    run: { id: 'preview', startedAt: world.now },
    workflow: { ...world.workflow },
    vars: { ...world.vars },
    index: world.position,
  };
}

function viewOf(records: readonly DataRecord[], item: DataRecord | undefined): NodeView {
  return { item: () => item, first: () => records[0], last: () => records.at(-1), all: () => records };
}
