import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Engine } from '../../engine/index.ts';
import type { Sweeper } from '../retention/sweeper.ts';

/** Measured from the first time that somebody asks, so that a server that nobody measures pays nothing. */
export function createMetrics(
  engine: Engine,
  sweeper: Pick<Sweeper, 'totals'>,
): { read(): Promise<{ type: string; text: string }> } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const finished = new Counter({
    name: 'sluice_runs_finished_total',
    help: 'Runs that ended, by workflow and status.',
    labelNames: ['workflow', 'status'],
    registers: [registry],
  });
  const steps = new Counter({
    name: 'sluice_steps_finished_total',
    help: 'Steps that ended, by node type and status.',
    labelNames: ['type', 'status'],
    registers: [registry],
  });
  new Gauge({
    name: 'sluice_runs_unfinished',
    help: 'Runs that have not ended, by status.',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const status of ['queued', 'running', 'waiting', 'needs-you']) {
        this.set({ status }, (await engine.runs({ status: [status], limit: 500 })).runs.length);
      }
    },
  });
  new Gauge({
    name: 'sluice_runs_removed',
    help: 'Runs that retention has removed since the start.',
    registers: [registry],
    collect() {
      this.set(sweeper.totals.runs);
    },
  });
  new Gauge({
    name: 'sluice_bytes_given_back',
    help: 'Bytes of removed runs and of orphaned blobs since the start.',
    registers: [registry],
    collect() {
      this.set(sweeper.totals.bytes);
    },
  });
  engine.on((event) => {
    if (event.kind === 'run' && event.run.finishedAt !== undefined) {
      finished.inc({ workflow: event.run.workflowId, status: event.run.status });
    } else if (event.kind === 'step' && event.step.finishedAt !== undefined) {
      steps.inc({ type: event.step.type, status: event.step.status });
    }
  });
  return { read: async () => ({ type: registry.contentType, text: await registry.metrics() }) };
}
