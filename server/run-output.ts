import type { Engine } from '../engine/index.ts';
import type { Workflow } from '../spec/workflow/document.ts';
import type { DataRecord } from '../spec/workflow/record.ts';

/** What a run gives: records of the steps that nothing follows, in the order of the document; at most `limit`. */
export async function runOutput(
  engine: Engine,
  runId: string,
  document: Workflow,
  limit = 1000,
): Promise<DataRecord[]> {
  const followed = new Set(document.edges.map((edge) => edge.from));
  const entered = new Set(document.edges.map((edge) => edge.to));
  const records: DataRecord[] = [];
  for (const node of document.nodes) {
    if (followed.has(node.id) || !entered.has(node.id) || node.disabled || records.length >= limit) continue;
    const page = await engine.records(runId, node.id, { offset: 0, limit: limit - records.length });
    if (page) records.push(...page.records);
  }
  return records;
}
