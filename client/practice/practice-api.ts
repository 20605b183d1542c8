import { API } from '../../spec/api/routes.ts';
import type { DataRecord } from '../../spec/workflow/record.ts';
import { send } from '../api/call.ts';

/** The practice services' own routes, below `/practice`; `practice/api.ts` serves them. */

export interface PracticeObject {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly count: number;
  readonly editable: boolean;
}

export interface PracticeField {
  readonly name: string;
  readonly label: string;
  /** Salesforce's name of the type, such as `picklist` or `datetime`. */
  readonly type: string;
  readonly required: boolean;
  readonly editable: boolean;
  readonly options: readonly string[];
  readonly referenceTo: readonly string[];
}

export interface PracticeRecords {
  readonly records: readonly DataRecord[];
  readonly total: number;
  readonly fields: readonly PracticeField[];
}

export interface PracticeChannel {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly messages: number;
}

export interface PracticeMessage {
  readonly ts: string;
  readonly userName?: string;
  readonly user: string;
  readonly username?: string;
  readonly text: string;
  readonly blocks?: readonly unknown[];
  readonly attachments?: readonly unknown[];
  readonly files?: readonly unknown[];
  readonly replies?: readonly PracticeMessage[];
}

export interface MailSummary {
  readonly id: number;
  readonly receivedAt: number;
  readonly from: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly attachments: number;
}

export interface Mail {
  readonly id: number;
  readonly receivedAt: number;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly size: number;
    /** Base64. */
    readonly content: string;
  }[];
}

export type Faults = Readonly<Record<'salesforce' | 'slack' | 'smtp', Readonly<Record<string, unknown>>>>;

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await send('GET', `${API}/practice${path}`, { signal })).json();
}

async function change<T>(method: string, path: string, body: unknown): Promise<T> {
  return (await send(method, `${API}/practice${path}`, { body })).json();
}

const at = (object: string, id?: string) =>
  `/salesforce/objects/${encodeURIComponent(object)}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

export const practiceApi = {
  objects: (signal: AbortSignal) => get<{ objects: PracticeObject[] }>('/salesforce/objects', signal),
  records: (object: string, page: { offset: number; limit: number; search: string }, signal: AbortSignal) => {
    const query = new URLSearchParams({
      offset: String(page.offset),
      limit: String(page.limit),
      ...(page.search === '' ? {} : { search: page.search }),
    });
    return get<PracticeRecords>(`${at(object)}?${query}`, signal);
  },
  createRecord: (object: string, values: DataRecord) => change<DataRecord>('POST', at(object), values),
  editRecord: (object: string, id: string, values: DataRecord) => change<DataRecord>('PATCH', at(object, id), values),
  deleteRecord: async (object: string, id: string) => {
    await send('DELETE', `${API}/practice${at(object, id)}`);
  },
  channels: (signal: AbortSignal) => get<{ channels: PracticeChannel[] }>('/slack/channels', signal),
  messages: (channel: string, signal: AbortSignal) =>
    get<{ messages: PracticeMessage[] }>(`/slack/channels/${encodeURIComponent(channel)}/messages?limit=200`, signal),
  mails: (signal: AbortSignal) => get<{ mails: MailSummary[]; total: number }>('/mail?limit=500', signal),
  mail: (id: number, signal: AbortSignal) => get<Mail>(`/mail/${id}`, signal),
  faults: (signal: AbortSignal) => get<Faults>('/faults', signal),
  setFaults: (changes: Partial<Faults>) => change<Faults>('PUT', '/faults', changes),
  reset: async () => {
    await send('POST', `${API}/practice/reset`, { body: {} });
  },
};
