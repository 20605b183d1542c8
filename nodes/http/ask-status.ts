import type { z } from 'zod';
import { type CallInDoubt, field, type NodeContext, NodeError, parseExactJson, type Verdict } from '../../sdk/index.ts';
import { isRecord } from '../../spec/workflow/record.ts';
import { valueAt } from './json-path.ts';
import type { RequestParams } from './request-params.ts';
import { readText } from './response-body.ts';
import { sendRequest } from './send-request.ts';

/** The request by which a service tells whether an earlier one took effect. */
export const statusRequestField = field.group(
  {
    url: field
      .text({
        label: 'Address',
        placeholder: 'https://api.example.com/orders?reference={key}',
        help: '{key} stands for the idempotency key of the call in doubt.',
      })
      .optional(),
    method: field.choice(['GET', 'POST'], { label: 'Method', scope: 'step' }).default('GET'),
    json: field.json({ label: 'JSON', help: 'Of a POST, such as a search; {key} stands for the key.' }).optional(),
    doneWhen: field
      .choice(['found', 'records', 'value'], {
        label: 'It was done when',
        scope: 'step',
        options: [
          { value: 'found', label: 'the answer is a success; 404 says that it was not done' },
          { value: 'records', label: 'the answer lists a record; an empty list says that it was not done' },
          { value: 'value', label: 'a value of the answer says so' },
        ],
      })
      .default('found'),
    at: field
      .text({ label: 'Where the list or the value stands', placeholder: 'data.status', scope: 'step' })
      .optional(),
    done: field.text({ label: 'Values that say done', placeholder: 'paid, pending', scope: 'step' }).optional(),
    notDone: field.text({ label: 'Values that say not done', placeholder: 'failed', scope: 'step' }).optional(),
  },
  {
    label: 'Ask whether it took effect',
    help: 'A request that is made when the connection broke before the answer, or after a crash. Without it a person is asked.',
    advanced: true,
  },
);

export type StatusRequest = z.output<typeof statusRequestField>;

/** @throws NodeError as any request does, except for an answer that says what is wanted */
export async function askStatus(call: CallInDoubt<RequestParams>, ctx: NodeContext): Promise<Verdict> {
  const params = call.items()[0]?.params ?? call.stepParams();
  const { statusRequest } = params;
  if (!statusRequest?.url) return { outcome: 'unknown', said: 'No status request is set up.' };
  const body = await answerOf({ ...statusRequest, url: statusRequest.url }, params, call.key, ctx);
  const verdict = judge(body, statusRequest);
  if (verdict.outcome !== 'done' || params.fullResponse || params.response !== 'json') return verdict;
  const result = statusRequest.doneWhen === 'records' ? listAt(body, statusRequest.at) : [body];
  return result.every(isRecord) ? { ...verdict, result } : verdict;
}

/** What the service answers; undefined when it knows of nothing. */
async function answerOf(
  { url, method, json }: StatusRequest & { url: string },
  params: RequestParams,
  key: string,
  ctx: NodeContext,
): Promise<unknown> {
  const asked: RequestParams = {
    ...params,
    method,
    url: url.replaceAll('{key}', encodeURIComponent(key)),
    query: {},
    body: method === 'POST' && json !== undefined ? 'json' : 'none',
    json: withKey(json, key),
    idempotencyKey: false,
    keyHeader: undefined,
  };
  try {
    const outgoing = { params: asked, record: undefined, effect: 'read', isOwn: false, key } as const;
    const answer = await sendRequest(outgoing, { query: {}, body: {} }, ctx);
    return parsed(await readText(answer.data, params.maxSize * 1_000_000, true));
  } catch (error) {
    if (error instanceof NodeError && (error.code === 'http-404' || error.code === 'http-410')) return undefined;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}

function judge(body: unknown, { doneWhen, at, done, notDone }: StatusRequest): Verdict {
  if (body === undefined) return { outcome: 'not-done', said: 'The service answers that there is no such thing.' };
  if (doneWhen === 'found') return { outcome: 'done', said: 'The service answers that it is there.' };
  if (doneWhen === 'records') {
    const { length } = listAt(body, at);
    return length > 0
      ? { outcome: 'done', said: `The service lists ${length === 1 ? 'it' : `${length} of it`}.` }
      : { outcome: 'not-done', said: 'The service lists nothing of it.' };
  }
  const value = String((at === undefined ? body : valueAt(body, at)) ?? '');
  const said = `The service answers "${value.slice(0, 100)}".`;
  if (valuesIn(done).includes(value.toLowerCase())) return { outcome: 'done', said };
  if (valuesIn(notDone).includes(value.toLowerCase())) return { outcome: 'not-done', said };
  return { outcome: 'unknown', said: `${said} The settings do not say what that means.` };
}

function listAt(body: unknown, at: string | undefined): readonly unknown[] {
  const found = at === undefined ? body : valueAt(body, at);
  if (Array.isArray(found)) return found;
  return found === undefined || found === null ? [] : [found];
}

function valuesIn(text = ''): string[] {
  return text.split(',').flatMap((part) => part.trim().toLowerCase() || []);
}

function withKey(value: unknown, key: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{key}', key);
  if (Array.isArray(value)) return value.map((entry) => withKey(entry, key));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, withKey(entry, key)]));
}
