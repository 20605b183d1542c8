import { createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { ParsedMail } from 'mailparser';
import type { SMTPServer, SMTPServerAuthentication, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { PracticeDatabase } from '../database.ts';
import { listen } from '../listen.ts';
import { RequestLog } from '../request-log.ts';
import { SmtpFaultState } from './faults.ts';
import { Inbox, type Mail } from './inbox.ts';

interface SmtpCredentials {
  host: string;
  port: number;
  secure: false;
  username: string;
  password: string;
  /** Sender that mails from here show. */
  from: string;
}

/** A running practice mail server. */
export interface SmtpPractice {
  /** `smtp://127.0.0.1:<port>`. */
  url: string;
  port: number;
  credentials: SmtpCredentials;
  store: Inbox;
  faults: SmtpFaultState;
  requests: RequestLog;
  reset(): void;
  close(): Promise<void>;
}

export interface SmtpOptions {
  db: PracticeDatabase;
  host: string;
  port: number;
  clock: () => number;
}

const ACCOUNT = { username: 'practice', password: 'practice-password' } as const;
const SENDER = 'Sluice <sluice@practice.example>';
const LARGEST_MAIL = 25 * 1024 * 1024;

interface MailServer {
  inbox: Inbox;
  faults: SmtpFaultState;
  requests: RequestLog;
  db: PracticeDatabase;
  clock: () => number;
  sockets: Map<string, Socket>;
}

/** The SMTP engine is loaded when the first client connects, to keep it out of the program's start. */
export async function startSmtp({ db, host, port, clock }: SmtpOptions): Promise<SmtpPractice> {
  const inbox = new Inbox(db);
  const faults = new SmtpFaultState();
  const requests = new RequestLog(db, 'smtp', clock);
  const server: MailServer = { inbox, faults, requests, db, clock, sockets: new Map() };
  let engine: Promise<SMTPServer> | undefined;
  const acceptor = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    const key = `${socket.remotePort}`;
    server.sockets.set(key, socket);
    socket.on('close', () => server.sockets.delete(key));
    engine ??= createEngine(server);
    engine.then(
      (smtp) => {
        smtp.server.emit('connection', socket);
        socket.resume();
      },
      () => socket.destroy(),
    );
  });
  const listening = await listen(acceptor, host, port);
  return {
    url: `smtp://${host}:${listening.port}`,
    port: listening.port,
    credentials: { host, port: listening.port, secure: false, ...ACCOUNT, from: SENDER },
    store: inbox,
    faults,
    requests,
    reset: () => {
      inbox.clear();
      requests.clear();
      faults.clear();
    },
    close: () => listening.close(),
  };
}

async function createEngine(server: MailServer): Promise<SMTPServer> {
  const { SMTPServer } = await import('smtp-server');
  const engine = new SMTPServer({
    name: 'practice.sluice.local',
    banner: 'Sluice practice mail server: nothing leaves this machine',
    size: LARGEST_MAIL,
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onAuth: (auth, _session, done) => {
      if (signsIn(server, auth)) done(null, { user: ACCOUNT.username });
      else done(smtpError(535, '5.7.8 Authentication credentials invalid'));
    },
    onRcptTo: (address, _session, done) => {
      if (server.faults.rejects(address.address)) done(smtpError(550, '5.1.1 The recipient does not exist here'));
      else done();
    },
    onData: (stream, session, done) => {
      receive(server, stream, session).then(
        (reply) => done(null, reply),
        (error: Error) => done(error),
      );
    },
  });
  engine.on('error', () => undefined);
  return engine;
}

function signsIn({ faults }: MailServer, auth: SMTPServerAuthentication): boolean {
  return !faults.settings.refuseSignIn && auth.username === ACCOUNT.username && auth.password === ACCOUNT.password;
}

/** @returns the text of the 250 answer */
async function receive(server: MailServer, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string> {
  const { faults, requests, inbox, db } = server;
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (!stream.sizeExceeded) chunks.push(chunk as Buffer);
  }
  if (faults.settings.slowMs > 0) await wait(faults.settings.slowMs);
  const path = session.envelope.rcptTo.map((recipient) => recipient.address).join(',');
  const log = (status: number, written: number) =>
    requests.add({ operation: 'mail', method: 'DATA', path, status, written });
  if (stream.sizeExceeded) {
    log(552, 0);
    throw smtpError(552, `5.3.4 The mail is larger than ${LARGEST_MAIL} bytes`);
  }
  if (faults.take('temporaryFailures')) {
    log(451, 0);
    throw smtpError(451, '4.3.0 Try again later');
  }
  const raw = Buffer.concat(chunks);
  const { simpleParser } = await import('mailparser');
  const mail = mailOf(await simpleParser(raw), raw, session, server.clock());
  const id = db.transaction(() => {
    log(250, 1);
    return inbox.add(mail);
  });
  if (faults.take('dropAfterEffect')) server.sockets.get(String(session.remotePort))?.destroy();
  return `2.0.0 Kept as mail ${id}`;
}

function mailOf(parsed: ParsedMail, raw: Buffer, session: SMTPServerSession, receivedAt: number): Omit<Mail, 'id'> {
  const { mailFrom, rcptTo } = session.envelope;
  return {
    receivedAt,
    from: mailFrom ? mailFrom.address : '',
    recipients: rcptTo.map((recipient) => recipient.address),
    to: addresses(parsed.to),
    cc: addresses(parsed.cc),
    subject: parsed.subject ?? '',
    messageId: parsed.messageId ?? '',
    headers: Object.fromEntries(
      parsed.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()]),
    ),
    text: parsed.text ?? '',
    html: parsed.html || '',
    attachments: parsed.attachments.map((attachment) => ({
      filename: attachment.filename ?? 'attachment',
      contentType: attachment.contentType,
      size: attachment.size,
      content: attachment.content.toString('base64'),
    })),
    raw: raw.toString('utf8'),
  };
}

function addresses(value: ParsedMail['to']): string {
  if (value === undefined) return '';
  return (Array.isArray(value) ? value : [value]).map((list) => list.text).join(', ');
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
