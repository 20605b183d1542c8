import { type RequestHandler, Router } from 'express';
import type { Engine } from '../../engine/index.ts';
import { OnDemand } from '../on-demand.ts';
import type { Sweeper } from '../retention/sweeper.ts';
import { problemOf } from './problem-response.ts';

export interface OperationsOptions {
  readonly engine: Engine;
  readonly sweeper: Pick<Sweeper, 'totals'>;
  /** Rejects when runs could not be recorded. */
  readonly check: () => Promise<void>;
  /** False once the server is being stopped. */
  readonly isOpen: () => boolean;
  /** Whether the caller may see the metrics. */
  readonly mayMeasure: RequestHandler;
}

/** `/healthz` (up), `/readyz` (can run) and `/metrics` (Prometheus). */
export function operations({ engine, sweeper, check, isOpen, mayMeasure }: OperationsOptions): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'up' });
  });
  router.get('/readyz', async (_req, res) => {
    if (!isOpen()) {
      res.status(503).json({ status: 'stopping' });
      return;
    }
    try {
      await check();
      res.json({ status: 'ready' });
    } catch (error) {
      const { code, detail, remedy } = problemOf(error);
      res.status(503).json({ status: 'not ready', code, detail, remedy });
    }
  });
  const metrics = new OnDemand(async () => (await import('./metrics.ts')).createMetrics(engine, sweeper));
  router.get('/metrics', mayMeasure, async (_req, res) => {
    const { type, text } = await (await metrics.get()).read();
    res.type(type).send(text);
  });
  return router;
}
