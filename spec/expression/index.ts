export { compileValue, type CompiledValue } from './compile-value.ts';
export type { FunctionDoc, MethodDoc, MethodType } from './definition.ts';
export { ExpressionError, type ExpressionErrorCode, type TemplateProblem } from './expression-error.ts';
export { defaultLimits, type Limits } from './run.ts';
export type { NodeView, Reads, Scope } from './scope.ts';
export { checkTemplate, compileTemplate, type CompiledTemplate, isTemplate } from './template.ts';
