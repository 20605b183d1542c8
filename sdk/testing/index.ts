export { type RunOptions, type RunResult, runNode, type TestCall } from './run-node.ts';
export { testNow } from './test-context.ts';
export { testFiles } from './test-files.ts';
export { type TestNodeOptions, testNode } from './test-node.ts';
export { sourceOf, testTrigger } from './test-trigger.ts';
