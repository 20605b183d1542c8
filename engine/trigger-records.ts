import type { DataRecord } from '../sdk/index.ts';
import type { Plan } from './plan.ts';

/** What a trigger gives when somebody starts it by hand: its sample, or a record of the shape that the real event has. */
export function triggerRecords(plan: Plan, trigger: string, now: number): readonly DataRecord[] {
  const planned = plan.nodes.get(trigger);
  if (!planned?.trigger) return [{}];
  const source = planned.trigger.source(planned.trigger.params.parse(planned.params));
  switch (source.kind) {
    case 'manual':
      return source.records.length > 0 ? source.records : [{}];
    case 'schedule': {
      const at = new Date(now).toISOString();
      return [{ scheduledFor: at, startedAt: at, previous: null }];
    }
    case 'webhook':
      return [{ body: {}, query: {}, headers: {}, method: source.methods[0] ?? 'POST', params: {} }];
    case 'poll':
      return [];
  }
}
