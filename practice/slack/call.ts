import type { SlackFaultState } from './faults.ts';
import type { Channel, Workspace } from './workspace.ts';

/** Slack answers failures with HTTP 200 and `{ "ok": false, "error" }`. */
export class SlackError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(code: string, details: Record<string, unknown> = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** Ends a call with 429 and `Retry-After`. */
export class RateLimited extends Error {
  readonly seconds: number;

  constructor(seconds: number) {
    super('ratelimited');
    this.seconds = seconds;
  }
}

/** One call of a Web API method. Arguments come as text from forms and typed from JSON. */
export interface Call {
  workspace: Workspace;
  faults: SlackFaultState;
  url: string;
  args: Record<string, unknown>;
}

export interface Method {
  /** True where the call changes something. */
  writes: boolean;
  run(call: Call): Record<string, unknown>;
}

export function text(call: Call, name: string): string | undefined {
  const value = call.args[name];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

export function flag(call: Call, name: string): boolean {
  const value = call.args[name];
  return value === true || value === 'true' || value === '1' || value === 1;
}

export function count(call: Call, name: string, preset: number, most: number): number {
  const value = Number(call.args[name] ?? preset);
  return Number.isInteger(value) && value > 0 ? Math.min(value, most) : preset;
}

/** An argument that forms carry as JSON text. @throws SlackError with `code` where it cannot be read */
export function json(call: Call, name: string, code: string): unknown {
  const value = call.args[name];
  if (typeof value !== 'string') return value ?? undefined;
  if (value === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackError(code);
  }
}

/** @throws SlackError `channel_not_found`, or `not_in_channel` where membership is needed and missing */
export function channelOf(call: Call, need: 'any' | 'member'): Channel {
  const reference = text(call, 'channel');
  const channel = reference === undefined ? undefined : call.workspace.findChannel(reference);
  if (!channel) throw new SlackError('channel_not_found');
  if (need === 'member' && !channel.isMember) throw new SlackError('not_in_channel');
  return channel;
}

/** A page of a list, and the cursor of the next one, which is empty at the end. */
export function page<T>(
  call: Call,
  items: readonly T[],
  preset: number,
): { items: T[]; response_metadata: { next_cursor: string } } {
  const cursor = text(call, 'cursor');
  const from =
    cursor === undefined ? 0 : Number(/^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) throw new SlackError('invalid_cursor');
  const to = from + count(call, 'limit', preset, 1000);
  const next = to < items.length ? Buffer.from(`next:${to}`).toString('base64') : '';
  return { items: items.slice(from, to), response_metadata: { next_cursor: next } };
}
