import {
  type Edge,
  edgeSchema,
  nodeSchema,
  onErrorChoices,
  startRules,
  type Workflow,
  type WorkflowNode,
} from '../document.ts';
import { isRecord } from '../record.ts';

/*
 * The zod schemas of document.ts decide what is well-formed. For a thousand nodes they take as long as all other checks together, so
 * plain nodes and edges are recognised here first; whatever looks unusual in any way goes to zod. A property test holds the two together.
 */

const slug = /^[a-z0-9][a-z0-9-]{0,79}$/;
const duration = /^\d+(\.\d+)?\s*(ms|s|m|h|d)$/;
const nodeKeys = new Set<string>(Object.keys(nodeSchema.shape));
const edgeKeys = new Set<string>(Object.keys(edgeSchema.shape));
const retryKeys = new Set(['attempts', 'backoff', 'delay', 'maxDelay']);
const prototype = Object.prototype;

/** The node as zod would give it, or undefined when only zod can tell. */
export function plainNode(value: unknown): WorkflowNode | undefined {
  if (!isPlain(value) || !hasOnly(value, nodeKeys)) return undefined;
  const { id, type, version, name, params, credential, parent, start, onError, retry, timeout, disabled, notes } =
    value;
  const fits =
    isSlug(id) &&
    isText(type, 100) &&
    (version === undefined || isCount(version, 1, Number.MAX_SAFE_INTEGER)) &&
    isText(name, 200) &&
    (params === undefined || isPlain(params)) &&
    (credential === undefined || isText(credential, 200)) &&
    (parent === undefined || isSlug(parent)) &&
    (start === undefined || (startRules as readonly unknown[]).includes(start)) &&
    (onError === undefined || (onErrorChoices as readonly unknown[]).includes(onError)) &&
    value.unknownOutcome === undefined &&
    (retry === undefined || isFullRetry(retry)) &&
    (timeout === undefined || isDuration(timeout)) &&
    (disabled === undefined || typeof disabled === 'boolean') &&
    (notes === undefined || (typeof notes === 'string' && notes.length <= 10_000));
  if (!fits) return undefined;
  const node = value as Partial<WorkflowNode>;
  return (
    node.version && node.params ? node : { ...node, version: node.version ?? 1, params: node.params ?? {} }
  ) as WorkflowNode;
}

/** The edge as zod would give it, or undefined when only zod can tell. */
export function plainEdge(value: unknown): Edge | undefined {
  if (!isPlain(value) || !hasOnly(value, edgeKeys)) return undefined;
  const { from, output, to, input } = value;
  const fits =
    isSlug(from) &&
    isSlug(to) &&
    (output === undefined || isText(output, 100)) &&
    (input === undefined || isText(input, 100));
  return fits ? (value as Edge) : undefined;
}

/** The layout as zod would give it, or undefined when only zod can tell. */
export function plainLayout(value: unknown): Workflow['layout'] | undefined {
  if (!isPlain(value)) return undefined;
  for (const key in value) {
    const at = value[key];
    if (!slug.test(key) || !Array.isArray(at) || at.length !== 2) return undefined;
    if (!Number.isFinite(at[0]) || !Number.isFinite(at[1])) return undefined;
  }
  return value as Workflow['layout'];
}

function isFullRetry(value: unknown): boolean {
  if (!isPlain(value) || !hasOnly(value, retryKeys)) return false;
  const { attempts, backoff, delay, maxDelay } = value;
  return (
    isCount(attempts, 1, 100) &&
    (backoff === 'fixed' || backoff === 'exponential') &&
    isDuration(delay) &&
    isDuration(maxDelay)
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && Object.getPrototypeOf(value) === prototype && !Object.hasOwn(value, '__proto__');
}

function hasOnly(value: Record<string, unknown>, keys: ReadonlySet<string>): boolean {
  for (const key in value) if (!keys.has(key)) return false;
  return true;
}

function isSlug(value: unknown): boolean {
  return typeof value === 'string' && slug.test(value);
}

function isText(value: unknown, longest: number): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= longest;
}

function isCount(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isDuration(value: unknown): boolean {
  return typeof value === 'string' && duration.test(value);
}
