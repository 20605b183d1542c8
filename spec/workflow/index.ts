export { AcyclicOrder } from './acyclic-order.ts';
export { type Comparison, type Condition, type Conditions, comparisons, conditionsSchema } from './conditions.ts';
export { findCycles } from './cycles.ts';
export { describeConditions, describeNode } from './describe.ts';
export { type Differences, differences, type NodeChange } from './differences.ts';
export * from './document.ts';
export { compileConditions, evaluateConditions } from './evaluate-conditions.ts';
export {
  type Graph,
  graphOf,
  reachableFrom,
  subgraphOf,
  topologicalOrder,
  upstreamOf,
  wouldClose,
} from './graph.ts';
export * from './node-type.ts';
export { indexNodeTypes, type NodeTypeIndex, type NodeTypes } from './node-type-index.ts';
export { canonicalText, parseWorkflow, printWorkflow } from './print.ts';
export type { Problem } from './problem.ts';
export { type ProblemCode, type ProblemPage, problem, problemPages } from './problem-codes.ts';
export * from './record.ts';
export { type Renames, renameNode, withRenamedReads } from './rename.ts';
export { upgradeDocument } from './upgrade.ts';
export { isStructural, readWorkflow, validate } from './validate.ts';
export type { ValidationContext } from './validation/subject.ts';
