import { branches } from './branches.ts';
import { chain } from './chain.ts';
import { eventLoop } from './event-loop.ts';
import { expressions } from './expressions.ts';
import { fields } from './fields.ts';
import { installSize } from './install-size.ts';
import type { Benchmark } from './measure.ts';
import { pipeline } from './pipeline.ts';
import { postgres } from './postgres.ts';
import { recovery } from './recovery.ts';
import { start } from './start.ts';
import { validation } from './validation.ts';
import { webhookSaved, webhookUnsaved } from './webhook.ts';

/** In the order of the table; names are what the command takes. */
export const benchmarks: readonly Benchmark[] = [
  webhookSaved,
  webhookUnsaved,
  chain,
  fields,
  pipeline,
  postgres,
  branches,
  start,
  recovery,
  installSize,
  eventLoop,
  validation,
  expressions,
];
