import { type ErrorClass, NodeError } from '../../sdk/index.ts';

interface Verdict {
  readonly class: ErrorClass;
  readonly message: string;
  readonly remedy: string;
  readonly field?: string;
}

const AGAIN = 'Wait a little; the step tries again by itself where retries are on.';
const TOKEN = 'Make a new bot token in the Slack app (OAuth & Permissions) and put it into the credential.';

/** Slack's error codes (`"ok": false`), https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const VERDICTS: Record<string, Verdict> = {
  channel_not_found: {
    class: 'config',
    message: 'Slack knows no such channel, or the app may not see it',
    remedy: 'Pick the channel from the list; invite the app to it if it is private.',
    field: 'channel',
  },
  not_in_channel: {
    class: 'config',
    message: 'The Slack app is not in this channel',
    remedy: 'Invite the app to the channel: /invite @app-name.',
    field: 'channel',
  },
  is_archived: {
    class: 'config',
    message: 'The channel is archived',
    remedy: 'Pick another channel, or unarchive this one in Slack.',
    field: 'channel',
  },
  restricted_action: {
    class: 'config',
    message: 'The workspace does not let the app post here',
    remedy: 'Ask a Slack administrator to allow the app to post in this channel.',
    field: 'channel',
  },
  invalid_blocks: {
    class: 'bad-data',
    message: 'Slack does not accept the blocks',
    remedy: 'Try the blocks in Slack’s Block Kit Builder and correct them.',
    field: 'blocks',
  },
  invalid_blocks_format: {
    class: 'bad-data',
    message: 'Slack does not accept the blocks',
    remedy: 'Blocks are a JSON list: try them in Slack’s Block Kit Builder.',
    field: 'blocks',
  },
  msg_too_long: {
    class: 'bad-data',
    message: 'The message is too long for Slack',
    remedy: 'Shorten the text to less than 40,000 characters.',
    field: 'text',
  },
  no_text: { class: 'bad-data', message: 'The message is empty', remedy: 'Write a text.', field: 'text' },
  thread_not_found: {
    class: 'bad-data',
    message: 'The message to answer in a thread is not there',
    remedy: 'Check that the thread’s "ts" belongs to this channel.',
    field: 'thread',
  },
  invalid_auth: { class: 'auth', message: 'Slack refused the token', remedy: TOKEN },
  not_authed: { class: 'auth', message: 'Slack refused the token', remedy: TOKEN },
  token_expired: { class: 'auth', message: 'The token has expired', remedy: TOKEN },
  token_revoked: { class: 'auth', message: 'The token has been revoked', remedy: TOKEN },
  account_inactive: { class: 'auth', message: 'The app has been removed from the workspace', remedy: TOKEN },
  missing_scope: {
    class: 'auth',
    message: 'The Slack app lacks a permission',
    remedy:
      'Add the scopes chat:write, channels:read and channels:history (groups:read and groups:history for private channels) to the app and install it again.',
  },
  ratelimited: {
    class: 'rate-limited',
    message: 'Slack takes no more messages just now',
    remedy: 'The step goes on by itself after the time that Slack names.',
  },
  service_unavailable: {
    class: 'transient',
    message: 'Slack is unavailable just now',
    remedy: AGAIN,
  },
};

const LOOK = 'Look in the channel whether the message is there before it is posted again.';

/** Slack says of these itself that part of the work may be done. */
const UNCERTAIN = new Set(['fatal_error', 'internal_error']);

/** A failure of Slack's client, classified. */
export function slackError(error: unknown, effect: 'read' | 'once'): unknown {
  const classified = classify(error);
  if (effect === 'once' || !(classified instanceof NodeError) || classified.class !== 'uncertain') return classified;
  const { code, details } = classified;
  const message = 'Slack did not answer as it should.';
  return new NodeError({ class: 'transient', code, message, remedy: AGAIN, details, cause: error });
}

function classify(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const own = nodeErrorIn(error);
  if (own) return own;
  const { code, data, statusCode, retryAfter } = error as Error & {
    code?: string;
    data?: { error?: string; response_metadata?: { messages?: string[] } };
    statusCode?: number;
    retryAfter?: number;
  };
  switch (code) {
    case 'slack_webapi_platform_error':
      return refused(data?.error ?? 'unknown_error', data);
    case 'slack_webapi_rate_limited_error':
      return verdict('ratelimited', undefined, (retryAfter ?? 30) * 1000);
    case 'slack_webapi_http_error':
      return badStatus(statusCode ?? 0);
    case 'slack_webapi_request_error':
      return unanswered(error);
    default:
      return error;
  }
}

function refused(slackCode: string, data: { response_metadata?: { messages?: string[] } } | undefined): NodeError {
  if (UNCERTAIN.has(slackCode)) return uncertain(`Slack broke off with "${slackCode}"`, slackCode);
  if (slackCode in VERDICTS) return verdict(slackCode, data);
  return new NodeError({
    class: 'config',
    code: kebab(slackCode),
    message: `Slack refused the call: ${slackCode}.`,
    remedy: 'Correct the step as Slack says.',
    details: data,
  });
}

function verdict(slackCode: string, details: unknown, retryAfter?: number): NodeError {
  const known = VERDICTS[slackCode] as Verdict;
  return new NodeError({ ...known, code: kebab(slackCode), message: `${known.message}.`, retryAfter, details });
}

function badStatus(status: number): NodeError {
  if (status === 503) return verdict('service_unavailable', { status });
  if (status >= 500) return uncertain(`Slack answered with status ${status}`, { status });
  return new NodeError({
    class: 'config',
    code: `slack-status-${status}`,
    message: `The Slack API address answered with status ${status}.`,
    remedy: 'Check the API address in the credential.',
    details: { status },
  });
}

/** Failures before anything was sent; everything else may have reached Slack. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function unanswered(error: Error): NodeError {
  const original = (error as Error & { original?: { code?: string } }).original;
  const reason = original?.code ?? 'unknown';
  if (!NOT_SENT.has(reason)) return uncertain('The connection broke before Slack answered', { reason });
  return new NodeError({
    class: 'transient',
    code: 'slack-unreachable',
    message: `Slack cannot be reached (${reason}).`,
    remedy: 'Check the network; the step tries again by itself where retries are on.',
    details: { reason },
    cause: error,
  });
}

function uncertain(what: string, details: unknown): NodeError {
  return new NodeError({
    class: 'uncertain',
    code: 'slack-answer-lost',
    message: `${what}: the message may or may not have been posted.`,
    remedy: LOOK,
    details,
  });
}

/** Guards throw inside the HTTP client, which wraps what they say. */
function nodeErrorIn(error: unknown): NodeError | undefined {
  let current: unknown = error;
  for (let depth = 0; current instanceof Error && depth < 6; depth++) {
    if (current instanceof NodeError) return current;
    current = (current as Error & { original?: unknown }).original ?? current.cause;
  }
  return undefined;
}

function kebab(slackCode: string): string {
  return `slack-${slackCode.replaceAll('_', '-')}`;
}
