import type { NodeView, Scope } from '../../spec/expression/scope.ts';

const nothing: NodeView = { item: () => undefined, first: () => undefined, last: () => undefined, all: () => [] };

/** What templates see where there is no run yet. */
export const outsideScope: Scope = {
  json: {},
  itemIndex: 0,
  node: () => undefined,
  input: nothing,
  now: 0,
  zone: 'UTC',
  run: {},
  workflow: {},
  vars: {},
};
