import type { PracticeDatabase, Row } from '../database.ts';

interface MailAttachment {
  filename: string;
  contentType: string;
  size: number;
  /** Base64. */
  content: string;
}

export interface MailSummary {
  id: number;
  receivedAt: number;
  /** Envelope: who sent it, and to whom it was to be delivered (with blind copies). */
  from: string;
  recipients: string[];
  subject: string;
  messageId: string;
  attachments: number;
}

export interface Mail extends Omit<MailSummary, 'attachments'> {
  to: string;
  cc: string;
  headers: Record<string, string>;
  text: string;
  html: string;
  attachments: MailAttachment[];
  raw: string;
}

/** The mails that arrived, newest first. */
export class Inbox {
  readonly #db: PracticeDatabase;

  constructor(db: PracticeDatabase) {
    this.#db = db;
    db.exec(
      'CREATE TABLE IF NOT EXISTS mails (id INTEGER PRIMARY KEY AUTOINCREMENT, received_at INTEGER, sender TEXT, recipients TEXT, subject TEXT, message_id TEXT, attachments INTEGER, body TEXT NOT NULL)',
    );
  }

  add(mail: Omit<Mail, 'id'>): number {
    const { attachments, ...rest } = mail;
    return this.#db.run(
      'INSERT INTO mails (received_at, sender, recipients, subject, message_id, attachments, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      mail.receivedAt,
      mail.from,
      JSON.stringify(mail.recipients),
      mail.subject,
      mail.messageId,
      attachments.length,
      JSON.stringify({ ...rest, attachments }),
    ).lastId;
  }

  list(page: { offset?: number; limit?: number } = {}): { mails: MailSummary[]; total: number } {
    const rows = this.#db.all(
      'SELECT id, received_at, sender, recipients, subject, message_id, attachments FROM mails ORDER BY id DESC LIMIT ? OFFSET ?',
      page.limit ?? 100,
      page.offset ?? 0,
    );
    return { mails: rows.map(summary), total: Number(this.#db.get('SELECT COUNT(*) AS n FROM mails')?.n ?? 0) };
  }

  read(id: number): Mail | undefined {
    const row = this.#db.get('SELECT id, body FROM mails WHERE id = ?', id);
    return row ? { ...(JSON.parse(String(row.body)) as Omit<Mail, 'id'>), id: Number(row.id) } : undefined;
  }

  clear(): void {
    this.#db.run('DELETE FROM mails');
  }
}

function summary(row: Row): MailSummary {
  return {
    id: Number(row.id),
    receivedAt: Number(row.received_at),
    from: String(row.sender),
    recipients: JSON.parse(String(row.recipients)) as string[],
    subject: String(row.subject),
    messageId: String(row.message_id),
    attachments: Number(row.attachments),
  };
}
