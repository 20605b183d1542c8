import { field } from '../../sdk/index.ts';

/** How the connection to a database server is encrypted. */
export function tlsField() {
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

/** A database file of the file area. */
export function fileField(placeholder: string) {
  return field.text({
    label: 'File',
    placeholder,
    help: 'A path in the file area. The file is made when it is missing.',
  });
}
