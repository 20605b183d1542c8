import { PracticeDatabase } from './database.ts';
import { type SalesforcePractice, startSalesforce } from './salesforce/server.ts';
import { type SlackPractice, startSlack } from './slack/server.ts';
import { type SmtpPractice, startSmtp } from './smtp/server.ts';

export { practiceApi } from './api.ts';
export type { SalesforcePractice } from './salesforce/server.ts';
export type { SlackPractice } from './slack/server.ts';
export type { SmtpPractice } from './smtp/server.ts';

/** The practice services: Salesforce, Slack and SMTP on loopback, each speaking its vendor's own protocol. */
export interface Practice {
  salesforce: SalesforcePractice;
  slack: SlackPractice;
  smtp: SmtpPractice;
  /** All three back to their first day: seeded records, no mail, no faults, no request log. */
  reset(): void;
  close(): Promise<void>;
}

export interface PracticeOptions {
  host?: '127.0.0.1';
  /** Default 0: any free port. */
  ports?: { salesforce?: number; slack?: number; smtp?: number };
  /** SQLite file that keeps records, messages, mails, tokens and keys over restarts; in memory if absent. */
  file?: string;
  /** Milliseconds since 1970; default `Date.now`. */
  clock?: () => number;
}

/** Starts all three; the records are seeded when the file is new. */
export async function startPractice(options: PracticeOptions = {}): Promise<Practice> {
  const { host = '127.0.0.1', ports = {}, file, clock = Date.now } = options;
  const db = new PracticeDatabase(file);
  const common = { db, host, clock };
  const salesforce = await startSalesforce({ ...common, port: ports.salesforce ?? 0 });
  const slack = await startSlack({ ...common, port: ports.slack ?? 0 });
  const smtp = await startSmtp({ ...common, port: ports.smtp ?? 0 });
  return {
    salesforce,
    slack,
    smtp,
    reset: () => {
      for (const service of [salesforce, slack, smtp]) service.reset();
    },
    close: async () => {
      await Promise.all([salesforce.close(), slack.close(), smtp.close()]);
      db.close();
    },
  };
}
