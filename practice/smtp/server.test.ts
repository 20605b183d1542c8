import nodemailer from 'nodemailer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Practice, startPractice } from '../practice.ts';

let practice: Practice;

beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice.close());
afterEach(() => practice.smtp.reset());

function transport(more: { pass?: string; authMethod?: string } = {}) {
  const { host, port, username, password } = practice.smtp.credentials;
  return nodemailer.createTransport({
    host,
    port,
    secure: false,
    auth: { user: username, pass: more.pass ?? password },
    ...(more.authMethod ? { authMethod: more.authMethod } : {}),
  });
}

const MAIL = {
  from: 'ops@practice.example',
  to: 'Nora <nora@x.example>',
  bcc: 'audit@x.example',
  subject: 'Grüße',
  text: 'Plain',
  html: '<b>Rich</b>',
};

describe('the inbox', () => {
  it.each(['PLAIN', 'LOGIN'])('keeps what is sent after AUTH %s', async (authMethod) => {
    await transport({ authMethod }).sendMail({
      ...MAIL,
      messageId: '<run-1@sluice>',
      headers: { 'X-Run': 'r1' },
      attachments: [{ filename: 'a.csv', content: 'x,y\n1,2\n' }],
    });
    const { mails, total } = practice.smtp.store.list();
    expect(total).toBe(1);
    expect(mails[0]).toMatchObject({
      from: 'ops@practice.example',
      recipients: ['nora@x.example', 'audit@x.example'],
      subject: 'Grüße',
      messageId: '<run-1@sluice>',
      attachments: 1,
    });
    const mail = practice.smtp.store.read(mails[0]?.id ?? 0);
    expect(mail).toMatchObject({
      to: '"Nora" <nora@x.example>',
      html: '<b>Rich</b>',
      attachments: [{ filename: 'a.csv', contentType: 'text/csv' }],
    });
    expect(mail?.text.trim()).toBe('Plain');
    expect(mail?.headers['x-run']).toBe('r1');
    expect(Buffer.from(mail?.attachments[0]?.content ?? '', 'base64').toString()).toBe('x,y\n1,2\n');
  });

  it('refuses a wrong password and a mail without sign-in', async () => {
    await expect(transport({ pass: 'wrong' }).verify()).rejects.toMatchObject({ responseCode: 535 });
    const { host, port } = practice.smtp.credentials;
    await expect(nodemailer.createTransport({ host, port }).sendMail(MAIL)).rejects.toMatchObject({
      responseCode: 530,
    });
  });

  it('refuses what is too large', async () => {
    const huge = transport().sendMail({ ...MAIL, text: 'x'.repeat(26 * 1024 * 1024) });
    await expect(huge).rejects.toMatchObject({ responseCode: 552 });
    expect(practice.smtp.store.list().total).toBe(0);
  });
});

describe('faults', () => {
  it('refuses a recipient for good, the others get the mail', async () => {
    practice.smtp.faults.set({ rejectRecipients: ['nora@x.example'] });
    const sent = await transport().sendMail(MAIL);
    expect(sent.rejected).toEqual(['nora@x.example']);
    expect(practice.smtp.store.list().mails[0]?.recipients).toEqual(['audit@x.example']);
  });

  it('puts a mail off, then takes it', async () => {
    practice.smtp.faults.set({ temporaryFailures: 1 });
    await expect(transport().sendMail(MAIL)).rejects.toMatchObject({ responseCode: 451 });
    await transport().sendMail(MAIL);
    expect(practice.smtp.requests.list('mail').map((request) => request.written)).toEqual([0, 1]);
  });

  it('keeps a mail and loses the answer', async () => {
    practice.smtp.faults.set({ dropAfterEffect: 1 });
    await expect(transport().sendMail(MAIL)).rejects.toThrow();
    expect(practice.smtp.store.list().total).toBe(1);
  });
});
