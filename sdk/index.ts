export type { Effect, NodeExample } from '../spec/workflow/node-type.ts';
export type { DataRecord, FileValue } from '../spec/workflow/record.ts';
export { type Batch, batchCount, columnBatch } from './batch.ts';
export { type Brake, both } from './brake.ts';
export { Breath, goFirst } from './breath.ts';
export { type BatchOptions, batches, eachCall, type ItemResult } from './call-runners.ts';
export {
  type ContainerIO,
  defineContainer,
  type RoundEnd,
  type RoundRecords,
  type Rounds,
  roundFailure,
} from './container.ts';
export type { Egress, Files, NodeContext, RunInfo, Wait, WaitOutcome } from './context.ts';
export {
  type CredentialDefinition,
  type CredentialTestContext,
  type CredentialValues,
  defineCredential,
} from './credential.ts';
export { eachBatch } from './each-batch.ts';
export {
  type ErrorClass,
  type ErrorReport,
  errorFrom,
  isRecordFault,
  isRetried,
  NodeError,
  reportOf,
} from './errors.ts';
export { exactInteger, exactNumber, parseExactJson } from './exact.ts';
export { field } from './fields.ts';
export {
  type CallInDoubt,
  type Change,
  defineNode,
  type EarlierRecords,
  type InputStream,
  type Item,
  type LoadedOption,
  type Loader,
  type NodeDefinition,
  type Runner,
  route,
  type StepIO,
  UNCHANGED,
  type Verdict,
} from './node.ts';
export { type Origin, type Origins, origin, originAt, originsOfRows, positionOf, slotOf } from './origins.ts';
export { Pace } from './pace.ts';
export { PackedNumbers, unpack } from './packed-numbers.ts';
export { type Rejection, rejectedRecord } from './rejected.ts';
export { conditionsTest, passThrough, type RecordTest, routes, splits } from './routing.ts';
export { type EachResult, each, eachPrepared, onePass, source, stream, toPorts } from './runners.ts';
export type { Scratch, ScratchBatch } from './scratch.ts';
export { setOwnField } from './set-own-field.ts';
export { defineTrigger, type TriggerDefinition, type TriggerSource } from './trigger.ts';
