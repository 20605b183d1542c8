import { z } from 'zod';
import { field } from '../../sdk/index.ts';

/** How the connection to a database server is encrypted. */
function tlsField() {
  return field
    .choice(['prefer', 'require', 'verify', 'off'], {
      label: 'Encryption',
      options: [
        { value: 'prefer', label: 'When the server offers it' },
        { value: 'require', label: 'Always' },
        { value: 'verify', label: 'Always, and check the certificate' },
        { value: 'off', label: 'Never' },
      ],
    })
    .default('prefer');
}

/** How to reach a database server and sign in there. */
export function serverFields(port: number) {
  return z.object({
    host: field.text({ label: 'Host', placeholder: 'db.example.com' }),
    port: field.number({ label: 'Port', int: true, min: 1, max: 65_535 }).default(port),
    database: field.text({ label: 'Database' }),
    user: field.text({ label: 'User' }),
    password: field.longText({ label: 'Password', secret: true }).optional(),
    tls: tlsField(),
    ca: field
      .longText({
        label: 'Certificate of the authority',
        advanced: true,
        help: 'PEM text, for servers whose certificate is their own.',
      })
      .optional(),
  });
}

/** A database file of the file area. */
export function fileField(placeholder: string) {
  return field.text({
    label: 'File',
    placeholder,
    help: 'A path in the file area. The file is made when it is missing.',
  });
}
