import axios from 'axios';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Practice, type SmtpPractice, startPractice } from '../../practice/practice.ts';
import { NodeError, reportOf } from '../../sdk/index.ts';
import { runNode, testFiles, testNode } from '../../sdk/testing/index.ts';
import credentialType, { type SmtpValues } from './credential-smtp.ts';
import send from './send.ts';

let services: Practice;
let smtp: SmtpPractice;
let credential: SmtpValues;

beforeAll(async () => {
  services = await startPractice();
  smtp = services.smtp;
  credential = { ...smtp.credentials, insecure: false };
});
afterEach(() => smtp.reset());
afterAll(() => services.close());

testNode(send, { setUp: () => ({ credential }) });

const mails = () =>
  smtp.store
    .list()
    .mails.map(({ id }) => smtp.store.read(id))
    .reverse();
const each = { to: '={{ $json.email }}', subject: '=Hello {{ $json.name }}', text: '=Dear {{ $json.name }}' };
const ada = { email: 'ada@example.com', name: 'Ada' };
const run = (params: Record<string, unknown>, inputs: Record<string, unknown>[] = [ada]) =>
  runNode(send, { credential, params, inputs, mayFail: true });

test('sends a mail for each record and gives what the server took', async () => {
  const { ports } = await run(each, [ada, { email: 'bob@example.com', name: 'Bob' }]);
  expect(mails().map((mail) => [mail?.subject, mail?.recipients])).toEqual(
    expect.arrayContaining([
      ['Hello Ada', ['ada@example.com']],
      ['Hello Bob', ['bob@example.com']],
    ]),
  );
  expect(ports.records?.[0]).toEqual({
    ...ada,
    messageId: expect.stringMatching(/^<[0-9a-f]{32}@practice\.example>$/),
    accepted: ['ada@example.com'],
    refused: [],
  });
});

test('the same mail always has the same Message-ID', async () => {
  const first = await run(each);
  const second = await run(each);
  expect(first.ports.records?.[0]?.messageId).toBe(second.ports.records?.[0]?.messageId);
});

test('sends HTML with a text beside it, copies, and files', async () => {
  const { ports } = await runNode(send, {
    credential,
    params: {
      ...each,
      html: '=<b>{{ $json.name }}</b>',
      cc: 'c@example.com',
      bcc: '={{ ["d@example.com"] }}',
      attachments: '={{ $json.report }}',
    },
    inputs: [{ ...ada, report: { $file: { id: 'r1', name: 'report.csv', mime: 'text/csv', size: 4 } } }],
    ctx: { files: { ...testFiles('.'), open: async () => (await import('node:stream')).Readable.from(['a,b\n']) } },
  });
  expect(ports.records).toHaveLength(1);
  const [mail] = mails();
  expect(mail?.html).toContain('<b>Ada</b>');
  expect(mail?.text).toContain('Dear Ada');
  expect(mail?.recipients).toEqual(['ada@example.com', 'c@example.com', 'd@example.com']);
  expect(mail?.headers.bcc).toBeUndefined();
  expect(mail?.attachments).toMatchObject([{ filename: 'report.csv', contentType: 'text/csv', size: 4 }]);
});

test('a digest is one mail with an escaped table and the count of the rest', async () => {
  const held = Array.from({ length: 9 }, (_, i) => ({ email: `p${i}@example.com`, why: '<script>&' }));
  const params = { to: 'ops@example.com', mode: 'digest', subject: 'Held back', text: 'Tonight:', rows: 2 };
  const { ports } = await run(params, held);
  expect(mails()).toHaveLength(1);
  expect(mails()[0]?.html).toContain('&lt;script&gt;&amp;');
  expect(mails()[0]?.text).toContain('email: p1@example.com, why: <script>&\nand 7 more, 9 in all');
  expect(ports.records).toMatchObject([{ accepted: ['ops@example.com'], count: 9 }]);
  await run(params, []);
  expect(mails()).toHaveLength(1);
});

test('a refused or missing recipient rejects the record, the others are sent', async () => {
  smtp.faults.set({ rejectRecipients: ['bad@example.com'] });
  const { ports, logs } = await run(each, [
    { email: 'bad@example.com', name: 'Bad' },
    { email: 'nobody', name: 'None' },
    { email: '', name: 'Empty' },
    ada,
    { email: 'bad@example.com, good@example.com', name: 'Both' },
  ]);
  expect(ports.rejected).toMatchObject([
    { name: 'Bad', _rejected: { code: 'smtp-recipient-refused', field: 'to' } },
    {
      name: 'None',
      _rejected: { code: 'email-address-incomplete', message: '"nobody" is not a complete mail address.' },
    },
    { name: 'Empty', _rejected: { code: 'email-no-recipient' } },
  ]);
  expect(ports.records).toMatchObject([{ name: 'Ada' }, { name: 'Both', refused: ['bad@example.com'] }]);
  expect(logs).toMatchObject([{ level: 'warn', message: expect.stringContaining('bad@example.com') }]);
});

test('an address that cannot be read whole is refused, and nobody else gets the mail', async () => {
  const odd = [
    'ann@example.com\r\nBcc: eve@example.com',
    'ann@example.com Bcc: eve@example.com',
    'ann@example.com, nonsense',
    'ann@example.com bob@example.com',
  ];
  const { ports } = await run(
    each,
    odd.map((email) => ({ email, name: 'Ann' })),
  );
  expect(ports.records ?? []).toEqual([]);
  expect(ports.rejected?.map((record) => (record._rejected as { code: string }).code)).toEqual(
    odd.map(() => 'email-address-incomplete'),
  );
  expect(mails()).toEqual([]);
});

test('takes addresses with names, semicolons and a comma at the end', async () => {
  const { ports } = await run(each, [
    { email: 'Ann Lee <ann@example.com>, "bob@example.com" <bob@example.com>; eve@example.com,', name: 'All' },
  ]);
  expect(ports.records?.[0]?.accepted).toEqual(['ann@example.com', 'bob@example.com', 'eve@example.com']);
});

test('failures of the server are classified', async () => {
  smtp.faults.set({ temporaryFailures: 1 });
  expect((await run(each)).error).toMatchObject({ class: 'transient', code: 'smtp-try-later' });
  smtp.faults.set({ refuseSignIn: true });
  expect((await run(each)).error).toMatchObject({ class: 'auth', code: 'smtp-sign-in-refused' });
  smtp.faults.clear();
  const { error } = await runNode(send, {
    credential: { ...credential, port: 1 },
    params: each,
    inputs: [ada],
    mayFail: true,
  });
  expect(error).toMatchObject({ class: 'transient', code: 'smtp-unreachable' });
});

test('a lost answer is uncertain, and the mail is not sent again', async () => {
  smtp.faults.set({ dropAfterEffect: 1 });
  expect((await run(each)).error).toMatchObject({ class: 'uncertain', code: 'smtp-answer-lost' });
  expect(mails()).toHaveLength(1);
});

test('asks the egress guard before it connects', async () => {
  const refusal = new NodeError({ class: 'config', code: 'egress-refused', message: 'Not allowed.', remedy: 'Ask.' });
  const asked: unknown[] = [];
  const egress = {
    check: async (...target: unknown[]) => {
      asked.push(target);
      throw refusal;
    },
  };
  const { error } = await runNode(send, { credential, params: each, inputs: [ada], mayFail: true, ctx: { egress } });
  expect(error).toMatchObject({ code: 'egress-refused' });
  expect(asked).toEqual([['127.0.0.1', credential.port]]);
});

test('a cancelled step leaves at once', async () => {
  smtp.faults.set({ slowMs: 60_000 });
  const cancel = new AbortController();
  const running = runNode(send, { credential, params: each, inputs: [ada], signal: cancel.signal });
  setTimeout(() => cancel.abort(new Error('cancelled by a person')), 100);
  await expect(running).rejects.toThrow('cancelled by a person');
});

test('the credential connects for real', async () => {
  const { signal } = new AbortController();
  const ctx = { http: axios.create(), egress: { check: async () => undefined }, files: testFiles('.'), signal };
  const { message } = await credentialType.test(credential, ctx);
  expect(message).toBe(`Connected to 127.0.0.1:${credential.port} as practice`);
  const refused = await credentialType
    .test({ ...credential, password: 'wrong-one' }, ctx)
    .then(() => undefined, reportOf);
  expect(refused).toMatchObject({ class: 'auth' });
  expect(JSON.stringify(refused)).not.toContain('wrong-one');
});
