import type { PracticeDatabase, Row } from '../database.ts';

export interface Channel {
  id: string;
  name: string;
  isPrivate: boolean;
  isIm: boolean;
  isArchived: boolean;
  /** Whether the practice bot has joined it: only then may it post and read there. */
  isMember: boolean;
  purpose: string;
  created: number;
}

export interface Member {
  id: string;
  name: string;
  realName: string;
  email: string;
  isBot: boolean;
}

/** A message as Slack's methods show it; `metadata` is held back unless it is asked for. */
export interface Message {
  type: 'message';
  ts: string;
  user: string;
  text: string;
  thread_ts?: string;
  blocks?: unknown[];
  attachments?: unknown[];
  metadata?: unknown;
  files?: unknown[];
  [more: string]: unknown;
}

export interface StoredFile {
  id: string;
  name: string;
  title: string;
  size: number;
  content: Buffer | undefined;
}

export const TEAM_ID = 'T0PRACTICE';
export const BOT_USER = 'U0PRACTBOT';
export const BOT_ID = 'B0PRACTBOT';
export const APP_ID = 'A0PRACTICE';

const CHANNELS: [id: string, name: string, purpose: string, member: boolean, isPrivate: boolean][] = [
  ['C0GENERAL1', 'general', 'Company-wide announcements', true, false],
  ['C0DATAALR1', 'data-alerts', 'What the pipelines have to say', true, false],
  ['C0SALESOP1', 'sales-ops', 'Revenue and sales operations', true, false],
  ['C0REVENUE1', 'revenue', 'Numbers and forecasts', true, false],
  ['C0CUSTSUC1', 'customer-success', 'Health of accounts', true, false],
  ['C0RANDOM01', 'random', 'Everything else; the bot has not joined', false, false],
  ['C0FINANCE1', 'finance-private', 'Invited people only', true, true],
];

const MEMBERS: [id: string, name: string, realName: string][] = [
  ['U0ROBINPR1', 'robin', 'Robin Practice'],
  ['U0NORALIN1', 'nora', 'Nora Lindholm'],
  ['U0MARCUSB1', 'marcus', 'Marcus Bell'],
  ['U0AYESHAR1', 'ayesha', 'Ayesha Rahman'],
  ['U0JULIEMA1', 'julie', 'Julie Marchand'],
];

/** What the practice Slack holds: channels, people, messages and files. */
export class Workspace {
  readonly #db: PracticeDatabase;
  readonly #clock: () => number;

  constructor(db: PracticeDatabase, clock: () => number) {
    this.#db = db;
    this.#clock = clock;
    db.exec(`
      CREATE TABLE IF NOT EXISTS slack_channels (id TEXT PRIMARY KEY, name TEXT UNIQUE, body TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS slack_messages (channel TEXT, ts TEXT, thread_ts TEXT, body TEXT NOT NULL, PRIMARY KEY (channel, ts));
      CREATE INDEX IF NOT EXISTS slack_threads ON slack_messages (channel, thread_ts);
      CREATE TABLE IF NOT EXISTS slack_files (id TEXT PRIMARY KEY, name TEXT, title TEXT, size INTEGER, content BLOB);
    `);
    if (db.meta('slack.seeded') === undefined) this.#seed();
  }

  channels(): Channel[] {
    return this.#db.all('SELECT body FROM slack_channels ORDER BY rowid').map(parse<Channel>);
  }

  /** By id, by `#name`, by name, or the conversation with a person by the person's id. */
  findChannel(reference: string): Channel | undefined {
    const name = reference.replace(/^#/, '').toLowerCase();
    const row = this.#db.get('SELECT body FROM slack_channels WHERE id = ? OR name = ?', reference, name);
    if (row) return parse<Channel>(row);
    const member = this.members().find((candidate) => candidate.id === reference);
    return member ? this.#openIm(member) : undefined;
  }

  join(channel: Channel): Channel {
    const joined = { ...channel, isMember: true };
    this.#db.run('UPDATE slack_channels SET body = ? WHERE id = ?', JSON.stringify(joined), channel.id);
    return joined;
  }

  members(): Member[] {
    const people = MEMBERS.map(([id, name, realName]) => ({
      id,
      name,
      realName,
      email: `${realName.toLowerCase().replace(' ', '.')}@practice.example`,
      isBot: false,
    }));
    return [...people, { id: BOT_USER, name: 'sluice', realName: 'Sluice (practice bot)', email: '', isBot: true }];
  }

  /** @returns the message with its time stamp, which is also its name within the channel */
  post(channel: string, message: Omit<Message, 'ts' | 'type'> & { user: string; text: string }): Message {
    const posted = { type: 'message', ...message, ts: this.#nextTs(channel) } as Message;
    this.#db.run(
      'INSERT INTO slack_messages VALUES (?, ?, ?, ?)',
      channel,
      posted.ts,
      posted.thread_ts ?? null,
      JSON.stringify(posted),
    );
    return posted;
  }

  message(channel: string, ts: string): Message | undefined {
    const row = this.#db.get('SELECT body FROM slack_messages WHERE channel = ? AND ts = ?', channel, ts);
    return row ? parse<Message>(row) : undefined;
  }

  replace(channel: string, message: Message): void {
    this.#db.run(
      'UPDATE slack_messages SET body = ? WHERE channel = ? AND ts = ?',
      JSON.stringify(message),
      channel,
      message.ts,
    );
  }

  delete(channel: string, ts: string): void {
    this.#db.run('DELETE FROM slack_messages WHERE channel = ? AND ts = ?', channel, ts);
  }

  /** Messages that stand in the channel itself (not in a thread), newest first. */
  history(channel: string, span: { oldest: string; latest: string; inclusive: boolean; limit: number }): Message[] {
    const [above, below] = span.inclusive ? ['>=', '<='] : ['>', '<'];
    return this.#db
      .all(
        `SELECT body FROM slack_messages WHERE channel = ? AND (thread_ts IS NULL OR thread_ts = ts OR json_extract(body, '$.subtype') = 'thread_broadcast') AND ts ${above} ? AND ts ${below} ? ORDER BY ts DESC LIMIT ?`,
        channel,
        span.oldest,
        span.latest,
        span.limit,
      )
      .map(parse<Message>);
  }

  /** The message that began a thread and its replies, oldest first. */
  thread(channel: string, ts: string): Message[] {
    return this.#db
      .all(
        'SELECT body FROM slack_messages WHERE channel = ? AND (ts = ? OR thread_ts = ?) ORDER BY ts',
        channel,
        ts,
        ts,
      )
      .map(parse<Message>);
  }

  count(channel: string): number {
    return Number(this.#db.get('SELECT COUNT(*) AS n FROM slack_messages WHERE channel = ?', channel)?.n ?? 0);
  }

  addFile(name: string, size: number): StoredFile {
    const { lastId } = this.#db.run(
      'INSERT INTO slack_files (id, name, title, size) VALUES (?, ?, ?, ?)',
      `new`,
      name,
      name,
      size,
    );
    const id = `F0${String(lastId).padStart(8, '0')}`;
    this.#db.run('UPDATE slack_files SET id = ? WHERE rowid = ?', id, lastId);
    return { id, name, title: name, size, content: undefined };
  }

  file(id: string): StoredFile | undefined {
    const row = this.#db.get('SELECT * FROM slack_files WHERE id = ?', id);
    if (!row) return undefined;
    const content = row.content as unknown as Uint8Array | null;
    return {
      id,
      name: String(row.name),
      title: String(row.title),
      size: Number(row.size),
      content: content ? Buffer.from(content) : undefined,
    };
  }

  fillFile(id: string, content: Buffer): void {
    this.#db.run('UPDATE slack_files SET content = ?, size = ? WHERE id = ?', content, content.length, id);
  }

  nameFile(id: string, title: string): void {
    this.#db.run('UPDATE slack_files SET title = ? WHERE id = ?', title, id);
  }

  reset(): void {
    for (const table of ['slack_channels', 'slack_messages', 'slack_files']) this.#db.run(`DELETE FROM ${table}`);
    this.#seed();
  }

  #seed(): void {
    this.#db.transaction(() => {
      for (const [id, name, purpose, isMember, isPrivate] of CHANNELS) {
        this.#addChannel({
          id,
          name,
          purpose,
          isMember,
          isPrivate,
          isIm: false,
          isArchived: false,
          created: 1_700_000_000,
        });
      }
      this.post('C0GENERAL1', {
        user: 'U0JULIEMA1',
        text: 'Welcome to the practice workspace. Messages that workflows post turn up here.',
      });
      this.#db.setMeta('slack.seeded', 'yes');
    });
  }

  #addChannel(channel: Channel): void {
    this.#db.run('INSERT INTO slack_channels VALUES (?, ?, ?)', channel.id, channel.name, JSON.stringify(channel));
  }

  #openIm(member: Member): Channel {
    const id = member.id.replace(/^U/, 'D');
    const row = this.#db.get('SELECT body FROM slack_channels WHERE id = ?', id);
    if (row) return parse<Channel>(row);
    const im = {
      id,
      name: `@${member.name}`,
      purpose: '',
      isMember: true,
      isPrivate: true,
      isIm: true,
      isArchived: false,
      created: 1_700_000_000,
    };
    this.#addChannel(im);
    return im;
  }

  /** Seconds and a running number: one channel never has two messages of the same time stamp. */
  #nextTs(channel: string): string {
    const now = `${Math.floor(this.#clock() / 1000)}.${String(Math.floor(this.#clock() % 1000)).padStart(3, '0')}000`;
    const row = this.#db.get('SELECT MAX(ts) AS ts FROM slack_messages WHERE channel = ?', channel);
    if (typeof row?.ts !== 'string' || row.ts < now) return now;
    const [seconds = '0', fraction = '0'] = row.ts.split('.');
    const next = Number(fraction) + 1;
    return next < 1_000_000 ? `${seconds}.${String(next).padStart(6, '0')}` : `${Number(seconds) + 1}.000000`;
  }
}

function parse<T>(row: Row): T {
  return JSON.parse(String(row.body)) as T;
}
