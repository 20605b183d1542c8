import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';
import { Session } from './session.ts';

const fields = z.object({
  auth: field
    .choice(['client-credentials', 'jwt'], {
      label: 'Sign in with',
      help: 'Both act as one fixed user and need a connected app (or external client app) in Setup.',
      options: [
        { value: 'client-credentials', label: 'Key and secret of an app (client credentials)' },
        { value: 'jwt', label: 'Certificate of an app (JWT bearer)' },
      ],
    })
    .default('client-credentials'),
  loginUrl: field.text({
    label: 'My Domain address',
    placeholder: 'https://yourcompany.my.salesforce.com',
    help: 'From Setup > My Domain. For a sandbox, the address of the sandbox.',
  }),
  clientId: field.text({ label: 'Consumer key', help: 'From the app in Setup: "Manage consumer details".' }),
  clientSecret: field
    .longText({ label: 'Consumer secret', secret: true, showWhen: { param: 'auth', is: ['client-credentials'] } })
    .optional(),
  username: field.longText({ label: 'Username to act as', showWhen: { param: 'auth', is: ['jwt'] } }).optional(),
  privateKey: field
    .longText({
      label: 'Private key',
      secret: true,
      placeholder: '-----BEGIN PRIVATE KEY-----',
      help: 'The RSA key, in PEM form, of the certificate that was uploaded to the app.',
      showWhen: { param: 'auth', is: ['jwt'] },
    })
    .optional(),
  audience: field
    .longText({
      label: 'Audience',
      help: 'Only where Salesforce asks for another than its own sign-in address.',
      advanced: true,
      showWhen: { param: 'auth', is: ['jwt'] },
    })
    .optional(),
});

export type SalesforceValues = z.output<typeof fields>;

export default defineCredential<SalesforceValues>({
  type: 'salesforce',
  title: 'Salesforce',
  connector: 'salesforce',
  practice: 'salesforce',
  fields,
  test: async (values, { http, signal }) => {
    const { guardedConnection } = await import('./guarded-connection.ts');
    const connection = await guardedConnection(new Session(values), { http, signal });
    const user = await connection.request<UserInfo>('/services/oauth2/userinfo');
    const org = await connection.request<Organizations>(
      `/query?q=${encodeURIComponent('SELECT Name FROM Organization LIMIT 1')}`,
    );
    const name = org.records[0]?.Name ?? new URL(connection.instanceUrl).host;
    return { message: `Connected to ${name} as ${user.preferred_username}` };
  },
});

interface UserInfo {
  preferred_username: string;
}

interface Organizations {
  records: { Name: string }[];
}
