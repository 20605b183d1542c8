import addressparser from 'nodemailer/lib/addressparser/index.js';
import { NodeError } from '../../sdk/index.ts';

/** What was written into one of the address fields; several stand in a list or between commas. */
export type Addresses = string | readonly string[] | undefined;

/**
 * Refuses what is not a list of complete addresses. Nodemailer leaves out quietly what it cannot read, and takes "name:" for the
 * beginning of a group, so that a line break in a record's value could send its mail to someone else.
 * @throws NodeError `bad-data` that names the part.
 */
export function checkAddresses(fields: Readonly<Record<string, Addresses>>): void {
  for (const [field, given] of Object.entries(fields)) {
    for (const text of [given ?? []].flat()) {
      const broken = brokenPart(text);
      if (broken !== undefined) throw incomplete(field, broken);
    }
  }
}

function brokenPart(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in an address
  if (/[\u0000-\u001f\u007f]/.test(text.trim())) return text;
  for (const { address, name, group } of addressparser(text)) {
    if (group !== undefined) return text;
    if (!address && !name) continue;
    if (!/^[^\s@]+@[^\s@]+$/.test(address ?? '')) return address || name;
    // Two addresses with only a space between them are read as one with a name.
    if (name.includes('@') && !text.includes(`<${address}>`)) return `${address} ${name}`;
  }
  return undefined;
}

function incomplete(field: string, part: string): NodeError {
  return new NodeError({
    class: 'bad-data',
    code: 'email-address-incomplete',
    message: `${JSON.stringify(part)} is not a complete mail address.`,
    remedy: 'Write addresses such as name@example.com, separated by commas.',
    field,
  });
}
