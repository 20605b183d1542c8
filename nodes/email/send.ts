import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  type DataRecord,
  defineNode,
  eachCall,
  type FileValue,
  field,
  type NodeContext,
  NodeError,
  origin,
  type StepIO,
  stream,
} from '../../sdk/index.ts';
import { isFileValue } from '../../spec/workflow/record.ts';
import { checkAddresses } from './addresses.ts';
import credential, { type SmtpValues } from './credential-smtp.ts';
import { escapeHtml, htmlTable, plainColumns, textTable } from './digest.ts';
import { smtpError } from './smtp-error.ts';

const addresses = z.union([z.string(), z.array(z.string())]);
const file = z.custom<FileValue>(isFileValue, 'Expected a file');
const files = z.union([file, z.array(file), z.null()]);

const params = z.strictObject({
  to: field.of(addresses, 'text', { label: 'To', placeholder: 'name@example.com, other@example.com' }),
  mode: field
    .choice(['each', 'digest'], {
      label: 'Send',
      scope: 'step',
      options: [
        { value: 'each', label: 'a mail for each record' },
        { value: 'digest', label: 'one mail with a table of the records', help: 'Nothing is sent when none came.' },
      ],
    })
    .default('each'),
  subject: field.text({ label: 'Subject' }),
  text: field.longText({ label: 'Text', help: 'In a digest, what stands above the table.' }).optional(),
  html: field
    .longText({
      label: 'HTML',
      help: 'For a richer mail; the text is shown where HTML is not.',
      advanced: true,
      showWhen: { param: 'mode', is: ['each'] },
    })
    .optional(),
  columns: field
    .fieldNames({
      label: 'Columns of the table',
      help: 'The first plain ones if none is chosen. A path such as _rejected.message reaches into a value.',
      showWhen: { param: 'mode', is: ['digest'] },
    })
    .optional(),
  rows: field
    .number({
      label: 'Rows of the table',
      scope: 'step',
      min: 1,
      max: 1000,
      int: true,
      help: 'The rest is counted below the table.',
      showWhen: { param: 'mode', is: ['digest'] },
    })
    .default(50),
  attachments: field
    .of(files, 'json', {
      label: 'Attachments',
      help: 'A column that holds a file, or a list of files.',
      advanced: true,
    })
    .optional(),
  cc: field.of(addresses, 'text', { label: 'Cc', advanced: true }).optional(),
  bcc: field.of(addresses, 'text', { label: 'Bcc', advanced: true }).optional(),
  replyTo: field.longText({ label: 'Reply to', advanced: true }).optional(),
  from: field.longText({ label: 'Sender', help: 'That of the credential if empty.', advanced: true }).optional(),
});

type Params = z.output<typeof params>;
type SmtpContext = NodeContext<SmtpValues>;

export default defineNode(
  {
    type: 'email.send',
    version: 1,
    title: 'Send an email',
    connector: 'email',
    category: 'connector',
    keywords: ['mail', 'e-mail', 'smtp', 'notify', 'tell', 'send', 'digest', 'report'],
    summary: 'Email {to}: {subject}',
    description: 'Sends a mail for each record, or one digest with a table of all of them.',
    credential,
    params,
    outputs: ['records', 'rejected'],
    effect: 'once',
    examples: [
      {
        title: 'Greet each new customer',
        params: {
          to: '={{ $json.email }}',
          subject: 'Welcome',
          text: '=Hello {{ $json.name }}, good to have you with us.',
        },
        input: [{ email: 'ada@example.com', name: 'Ada' }],
      },
      {
        title: 'A digest of what was held back',
        params: { to: 'ops@example.com', mode: 'digest', subject: 'Held back in tonight’s import', columns: ['email'] },
        input: [{ email: 'a@example.com' }, { email: 'b@example.com' }],
      },
    ],
  },
  stream((io: StepIO<Params, SmtpValues>) => (io.stepParams().mode === 'digest' ? sendDigest(io) : sendEach.run(io))),
);

const PARALLEL = 3;

const sendEach = eachCall(
  { parallel: PARALLEL },
  async (record: DataRecord, given: Params, ctx: SmtpContext, key: string) => ({
    ...record,
    ...(await send(ctx, given, { text: given.text, html: given.html }, key)),
  }),
);

async function sendDigest(io: StepIO<Params, SmtpValues>): Promise<void> {
  const input = io.input();
  if (input.count === 0) return;
  const given = io.stepParams();
  const shown: DataRecord[] = [];
  for await (const batch of input.batches()) {
    shown.push(...batch.records.slice(0, given.rows - shown.length));
    if (shown.length >= given.rows) break;
  }
  const digest = { records: shown, count: input.count, columns: given.columns ?? plainColumns(shown) };
  const intro = given.text ?? '';
  const body = {
    text: [intro, textTable(digest)].filter((part) => part !== '').join('\n\n'),
    html: `${intro === '' ? '' : `<p>${escapeHtml(intro).replaceAll('\n', '<br>')}</p>`}${htmlTable(digest)}`,
  };
  const sent = await io.call({ start: 0, count: input.count }, (key) => send(io.ctx, given, body, key));
  const from = shown.map((_, position) => origin(input.slot, position));
  await io.emit('records', [{ ...sent, count: input.count }], [from]);
}

/** The Message-ID comes from the effect's key, so that the same mail always carries the same one. */
async function send(
  ctx: SmtpContext,
  given: Params,
  body: { text?: string | undefined; html?: string | undefined },
  key: string,
) {
  const from = given.from || ctx.credential.from || senderIn(ctx.credential);
  const { to, cc, bcc, replyTo } = given;
  checkAddresses({ to, cc, bcc, replyTo, from: given.from });
  const attachments = await Promise.all(
    [given.attachments ?? []].flat().map(async (value) => ({
      filename: value.$file.name,
      contentType: value.$file.mime,
      content: await ctx.files.open(value),
    })),
  );
  const { openTransport } = await import('./transport.ts');
  const transport = await ctx.connect(
    'smtp',
    async () => openTransport(ctx.credential, ctx.egress),
    (open) => open.close(),
  );
  try {
    const { messageId, accepted, rejected } = await ctx.paced(() =>
      transport.sendMail({
        from,
        to: given.to,
        ...(given.cc ? { cc: given.cc } : {}),
        ...(given.bcc ? { bcc: given.bcc } : {}),
        ...(given.replyTo ? { replyTo: given.replyTo } : {}),
        subject: given.subject,
        text: body.text ?? '',
        ...(body.html ? { html: body.html } : {}),
        attachments,
        messageId: `<${createHash('sha256').update(key).digest('hex').slice(0, 32)}@${domainOf(from)}>`,
        signal: ctx.signal,
      }),
    );
    if (rejected.length > 0) {
      ctx.log('warn', `The mail went out, but not to ${rejected.join(', ')}: the server refused them.`);
    }
    return { messageId, accepted, refused: rejected };
  } catch (error) {
    throw ctx.signal.aborted ? (ctx.signal.reason ?? error) : smtpError(error);
  }
}

function senderIn({ username }: SmtpValues): string {
  if (username?.includes('@')) return username;
  throw new NodeError({
    class: 'config',
    code: 'email-no-sender',
    message: 'This mail has no sender.',
    remedy: 'Write a sender into the credential, or into this step.',
    field: 'from',
  });
}

function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'sluice.invalid';
}
