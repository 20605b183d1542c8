import { z } from 'zod';
import { field } from '../../sdk/index.ts';
import { statusRequestField } from './ask-status.ts';
import { signIns } from './sign-in.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

const paginationKinds = ['none', 'page', 'offset', 'cursor', 'next-url', 'link-header'] as const;

const pagination = field.group(
  {
    type: field.choice(paginationKinds, {
      label: 'Pages by',
      scope: 'step',
      options: [
        { value: 'none', label: 'one page only' },
        { value: 'page', label: 'page number' },
        { value: 'offset', label: 'offset' },
        { value: 'cursor', label: 'cursor in the answer' },
        { value: 'next-url', label: 'next address in the answer' },
        { value: 'link-header', label: 'Link header' },
      ],
    }),
    parameter: field
      .text({
        label: 'Parameter',
        help: 'The one that carries page, offset or cursor. Default: page, offset, cursor.',
        scope: 'step',
      })
      .optional(),
    sendIn: field.choice(['query', 'body'], { label: 'Sent in', scope: 'step' }).default('query'),
    start: field.number({ label: 'First page or offset', int: true, min: 0, scope: 'step' }).optional(),
    size: field.number({ label: 'Records a page', int: true, min: 1, scope: 'step' }).optional(),
    sizeParameter: field.text({ label: 'Parameter of the page size', placeholder: 'limit', scope: 'step' }).optional(),
    nextAt: field
      .text({ label: 'Where cursor or next address stand', placeholder: 'paging.next', scope: 'step' })
      .optional(),
    lastRecordField: field
      .text({ label: 'Field of the last record that is the cursor', placeholder: 'id', scope: 'step' })
      .optional(),
    moreAt: field
      .text({ label: 'Where it says that there is more', placeholder: 'has_more', scope: 'step' })
      .optional(),
    maxPages: field.number({ label: 'At most, in pages', int: true, min: 1, scope: 'step' }).default(10_000),
  },
  { label: 'Pagination', advanced: true },
);

const withBody = { param: 'method', is: ['POST', 'PUT', 'PATCH', 'DELETE'] };

export const requestParams = z.strictObject({
  method: field
    .choice(METHODS, { label: 'Method', scope: 'literal', options: METHODS.map((value) => ({ value, label: value })) })
    .default('GET'),
  url: field.text({ label: 'Address', placeholder: 'https://api.example.com/contacts' }),
  query: field
    .keyValues({ label: 'Query', help: 'Put behind the address; a list gives the name several times.' })
    .default({}),
  headers: field.texts({ label: 'Headers' }).default({}),
  body: field
    .choice(['none', 'json', 'form', 'multipart', 'text', 'file'], { label: 'Body', scope: 'step', showWhen: withBody })
    .default('none'),
  json: field
    .json({ label: 'JSON', help: 'Leave empty to send the record itself.', showWhen: { param: 'body', is: ['json'] } })
    .optional(),
  form: field
    .keyValues({
      label: 'Fields',
      help: 'In multipart a value may be a file.',
      showWhen: { param: 'body', is: ['form', 'multipart'] },
    })
    .default({}),
  text: field.longText({ label: 'Text', showWhen: { param: 'body', is: ['text'] } }).optional(),
  contentType: field
    .text({ label: 'Content type', placeholder: 'text/xml', showWhen: { param: 'body', is: ['text', 'file'] } })
    .optional(),
  file: field
    .json({
      label: 'File',
      help: 'A file of an earlier step, or a path in the file area.',
      showWhen: { param: 'body', is: ['file'] },
    })
    .optional(),
  auth: field
    .choice(signIns, {
      label: 'Sign-in',
      help: 'Left empty, the credential of the step decides.',
      scope: 'step',
      advanced: true,
    })
    .optional(),
  response: field.choice(['json', 'text', 'file'], { label: 'Answer', scope: 'step' }).default('json'),
  recordsAt: field
    .text({
      label: 'Where the records stand',
      placeholder: 'data.items',
      help: 'Left empty, a list gives a record an entry, and anything else gives one record.',
      scope: 'step',
      showWhen: { param: 'response', is: ['json'] },
    })
    .optional(),
  pagination: pagination.optional(),
  perRecord: field
    .switch({
      label: 'Once for each record',
      help: 'Left alone, once for each record when something in the request comes from it.',
      scope: 'step',
    })
    .optional(),
  parallel: field
    .number({ label: 'At the same time', int: true, min: 1, max: 50, scope: 'step', advanced: true })
    .default(1),
  idempotencyKey: field
    .switch({
      label: 'Send an idempotency key',
      help: 'For services that know the Idempotency-Key header: then a request may be repeated without harm.',
      scope: 'literal',
      showWhen: withBody,
    })
    .default(false),
  keyHeader: field
    .text({
      label: 'Header of the key',
      placeholder: 'Idempotency-Key',
      help: 'Where the service calls it otherwise. Filled in, the key is sent even if the service only notes it down.',
      scope: 'step',
      advanced: true,
      showWhen: withBody,
    })
    .optional(),
  statusRequest: statusRequestField.optional(),
  fullResponse: field.switch({ label: 'Give status and headers too', scope: 'step', advanced: true }).default(false),
  followRedirects: field.switch({ label: 'Follow redirects', scope: 'step', advanced: true }).default(true),
  timeout: field.duration({ label: 'Wait for an answer', advanced: true }).default('5m'),
  maxSize: field
    .number({ label: 'Largest answer, in MB', min: 1, max: 1_000, scope: 'step', advanced: true })
    .default(100),
});

export type RequestParams = z.output<typeof requestParams>;
export type Pagination = NonNullable<RequestParams['pagination']>;
