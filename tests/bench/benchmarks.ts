import { branches } from './branches.ts';
import { chain } from './chain.ts';
import { expressions } from './expressions.ts';
import { fields } from './fields.ts';
import type { Benchmark } from './measure.ts';
import { pipeline } from './pipeline.ts';
import { validation } from './validation.ts';
import { webhookSaved, webhookUnsaved } from './webhook.ts';

/** In the order of the table; names are what the command takes. */
export const benchmarks: readonly Benchmark[] = [
  webhookSaved,
  webhookUnsaved,
  chain,
  fields,
  pipeline,
  branches,
  validation,
  expressions,
];
