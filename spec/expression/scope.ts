/**
 * What an expression can see. Members are read only when an expression names them, so a host may compute them lazily.
 * Everything handed over must be plain data (JSON values, or `Date` and luxon values): functions and class instances are
 * not readable from expressions.
 */
export interface Scope {
  /** `$json`: the record at hand. */
  json: unknown;
  /** `$itemIndex`: its position, from 0. */
  itemIndex: number;
  /** `$('id or name')`; undefined when there is no such step. */
  node(name: string): NodeView | undefined;
  /** Names offered as "Did you mean ...?" when a step is not found. */
  nodeNames?(): readonly string[];
  /** `$input`. */
  input: NodeView;
  /** Epoch milliseconds behind `$now` and `$today`. */
  now: number;
  /** IANA time zone in which dates are read and written. */
  zone: string;
  /** `$run` */
  run: Record<string, unknown>;
  /** `$workflow` */
  workflow: Record<string, unknown>;
  /** `$vars` */
  vars: Record<string, unknown>;
  /** `$index`: the position given by the generate node. */
  index?: number;
}

/** The output of a step as expressions see it; each method gives records. */
export interface NodeView {
  /** The record that the present one came from; undefined when there is none. */
  item(): unknown;
  first(): unknown;
  last(): unknown;
  all(): readonly unknown[];
}

/** What an expression reads, found without evaluating it. */
export interface Reads {
  json: boolean;
  /** Names and ids used in `$('...')`. */
  nodes: readonly string[];
  itemIndex: boolean;
  now: boolean;
  input: boolean;
  /** True when it takes more of a step than `.first()`, `.last()` and `.all()` give, so that the record at hand plays a part. */
  item: boolean;
  /** Names used as `$vars.name`. */
  vars: readonly string[];
  /** First-level fields used as `$json.name`. */
  fields: readonly string[];
  /** True when `$json` is also used as a whole, so that `fields` does not tell everything. */
  wholeRecord: boolean;
}
