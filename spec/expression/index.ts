export { type Build, builderOf, type Fill, fillerOf } from './build-value.ts';
export type { Example, FunctionDoc, MethodDoc, MethodType } from './definition.ts';
export {
  type Completion,
  functions,
  memberCompletions,
  methods,
  namespaceCompletions,
  startCompletions,
  stepCompletions,
  type VariableDoc,
  variables,
} from './documentation.ts';
export { ExpressionError, type ExpressionErrorCode, type TemplateProblem } from './expression-error.ts';
export { defaultLimits, type Limits } from './run.ts';
export { sampleRecord, sampleScope } from './sample-scope.ts';
export type { NodeView, Reads, Scope } from './scope.ts';
export { CompiledTemplate, checkTemplate, compileTemplate, isTemplate } from './template.ts';
