import { z } from 'zod';
import { defineCredential, field } from '../../sdk/index.ts';

const fields = z.object({
  host: field.text({ label: 'Server', placeholder: 'smtp.example.com' }),
  port: field
    .number({ label: 'Port', int: true, min: 1, max: 65_535, help: '587 with STARTTLS, 465 with TLS from the start.' })
    .default(587),
  secure: field.switch({ label: 'TLS from the start (port 465)' }).default(false),
  username: field.longText({ label: 'Username', help: 'Empty if the server wants no sign-in.' }).optional(),
  password: field.longText({ label: 'Password', secret: true }).optional(),
  from: field
    .longText({ label: 'Sender', placeholder: 'Sales Ops <ops@example.com>', help: 'What mails show as their sender.' })
    .optional(),
  insecure: field.switch({ label: 'Allow a connection without encryption', advanced: true }).default(false),
});

export type SmtpValues = z.output<typeof fields>;

export default defineCredential<SmtpValues>({
  type: 'smtp',
  title: 'Email (SMTP)',
  connector: 'email',
  practice: 'smtp',
  fields,
  test: async (values, { egress, signal }) => {
    const [{ openTransport }, { smtpError }] = await Promise.all([import('./transport.ts'), import('./smtp-error.ts')]);
    const transport = openTransport(values, egress);
    const leave = () => transport.close({ force: true });
    signal.addEventListener('abort', leave);
    try {
      await transport.verify();
      const user = values.username ? ` as ${values.username}` : '';
      return { message: `Connected to ${values.host}:${values.port}${user}` };
    } catch (error) {
      throw signal.aborted ? (signal.reason ?? error) : smtpError(error);
    } finally {
      signal.removeEventListener('abort', leave);
      transport.close();
    }
  },
});
