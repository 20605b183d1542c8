import { type ErrorClass, NodeError } from '../../sdk/index.ts';

interface SmtpFailure extends Error {
  readonly code?: string;
  readonly originalCode?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EDNS']);

/** A failure of nodemailer, classified by the server's answer where there is one. */
export function smtpError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const own = nodeErrorIn(error);
  if (own) return own;
  const failure = error as SmtpFailure;
  return failure.responseCode === undefined ? unanswered(failure) : answered(failure, failure.responseCode);
}

function answered(failure: SmtpFailure, status: number): NodeError {
  const said = failure.response ?? failure.message;
  if (failure.code === 'EAUTH' || [530, 534, 535, 538].includes(status)) {
    return fail(failure, 'auth', 'smtp-sign-in-refused', `The mail server refused the sign-in: ${said}`, {
      remedy: 'Check username and password; many providers want an app password.',
    });
  }
  if (status < 500) {
    return fail(failure, 'transient', 'smtp-try-later', `The mail server asks to try again later: ${said}`, {
      remedy: 'Wait a little; the step tries again by itself where retries are on.',
    });
  }
  if (failure.command === 'RCPT TO') {
    return fail(failure, 'bad-data', 'smtp-recipient-refused', `The mail server refused the recipient: ${said}`, {
      remedy: 'Correct the address.',
      field: 'to',
    });
  }
  if (failure.command === 'MAIL FROM') {
    return fail(failure, 'config', 'smtp-sender-refused', `The mail server refused the sender: ${said}`, {
      remedy: 'Use a sender that this account may send as.',
      field: 'from',
    });
  }
  return fail(failure, 'bad-data', 'smtp-mail-refused', `The mail server refused the mail: ${said}`, {
    remedy: 'Change the mail as the server says: it may be too large, or be taken for spam.',
  });
}

function unanswered(failure: SmtpFailure): NodeError {
  const { code = 'unknown', originalCode, message } = failure;
  if (code === 'EENVELOPE') {
    return fail(failure, 'bad-data', 'email-no-recipient', 'This mail has no recipient with a complete address.', {
      remedy: 'Write addresses such as name@example.com, separated by commas.',
      field: 'to',
    });
  }
  if (code === 'ENOAUTH' || code === 'ECONFIG') {
    return fail(failure, 'config', 'smtp-credential-incomplete', `The mail account is not complete: ${message}.`, {
      remedy: 'Fill in username and password in the credential.',
    });
  }
  if (code === 'ETLS') {
    return fail(
      failure,
      'config',
      'smtp-encryption',
      `The mail server and Sluice found no common encryption: ${message}.`,
      {
        remedy: 'Check port and TLS in the credential: 465 with TLS from the start, 587 without.',
      },
    );
  }
  const notConnected = /^(Connection timeout|Greeting never received)/.test(message);
  if (notConnected || NOT_SENT.has(code) || NOT_SENT.has(originalCode ?? '')) {
    return fail(
      failure,
      'transient',
      'smtp-unreachable',
      `The mail server cannot be reached (${originalCode ?? code}).`,
      {
        remedy: 'Check server and port in the credential, and the network.',
      },
    );
  }
  return fail(
    failure,
    'uncertain',
    'smtp-answer-lost',
    'The connection broke before the mail server answered: the mail may or may not have been sent.',
    {
      remedy: 'Ask a recipient, or look at the mail server’s log, before it is sent again.',
    },
  );
}

function fail(
  failure: SmtpFailure,
  errorClass: ErrorClass,
  code: string,
  message: string,
  more: { remedy: string; field?: string },
): NodeError {
  const { command, response, responseCode } = failure;
  const details = { reason: failure.message, code: failure.code, command, response, responseCode };
  return new NodeError({ class: errorClass, code, message, ...more, details, cause: failure });
}

function nodeErrorIn(error: unknown): NodeError | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth++) {
    if (current instanceof NodeError) return current;
  }
  return undefined;
}
