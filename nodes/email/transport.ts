import { createTransport, type SMTPPoolOptions } from 'nodemailer';
import type { Egress } from '../../sdk/index.ts';
import type { SmtpValues } from './credential-smtp.ts';

/**
 * A pool of connections to one mail server. The egress guard is asked before each connection. A mail whose connection breaks is
 * never sent again from here, because the server may have taken it.
 */
export function openTransport(values: SmtpValues, egress: Egress) {
  const { host, port, secure, username, password } = values;
  const options: SMTPPoolOptions & { pool: true } = {
    pool: true,
    host,
    port,
    secure,
    requireTLS: !secure && !values.insecure && !isLoopback(host),
    ...(username ? { auth: { user: username, pass: password ?? '' } } : {}),
    maxConnections: 3,
    maxRequeues: 0,
    idleTimeout: 30_000,
    connectionTimeout: 20_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_options, done) => {
      egress.check(host, port).then(
        () => done(null, false),
        (error: Error) => done(error),
      );
    },
  };
  return createTransport(options);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
