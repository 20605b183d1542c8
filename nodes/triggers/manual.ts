import { z } from 'zod';
import { type DataRecord, defineTrigger, field } from '../../sdk/index.ts';

export default defineTrigger({
  type: 'manual',
  version: 1,
  title: 'Start by hand',
  summary: 'Start by hand',
  description:
    'Starts when a person presses Run, or a call of the API or the command line asks for it. Gives the records that come with the start.',
  connector: 'triggers',
  keywords: ['manual', 'button', 'run', 'test', 'start', 'api'],
  params: z.strictObject({
    records: field
      .of(z.array(z.record(z.string(), z.unknown())), 'json', {
        label: 'Sample records',
        scope: 'literal',
        help: 'A list of records that stand in when the start brings none.',
      })
      .optional(),
  }),
  examples: [{ title: 'With a sample', params: { records: [{ email: 'ann@example.com' }] } }],
  source: ({ records }) => ({ kind: 'manual', records: records ?? ([{}] satisfies DataRecord[]) }),
});
