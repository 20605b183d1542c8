import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { ExpressionError } from '../expression-error.ts';
import { toText } from '../leave.ts';
import type { Run } from '../run.ts';
import { fieldOf, textOf } from './arguments.ts';

const hashes: ReadonlyMap<string, (bytes: Uint8Array) => Uint8Array> = new Map([
  ['sha256', sha256],
  ['sha384', sha384],
  ['sha512', sha512],
  ['sha1', sha1],
  ['md5', md5],
]);

/** The hash of the UTF-8 text, in hexadecimal. */
export function hashText(run: Run, text: string, algorithm: unknown): string {
  const name = algorithm === undefined ? 'sha256' : textOf(run, algorithm, 'hash').toLowerCase().replace('-', '');
  const hash = hashes.get(name);
  if (hash === undefined) {
    throw new ExpressionError(
      'bad-value',
      `The hash '${name.slice(0, 40)}' is not known.`,
      `Use one of ${[...hashes.keys()].join(', ')}.`,
    );
  }
  run.allocate(text.length * 4);
  run.spend(1_000 + text.length * 8);
  return bytesToHex(hash(utf8ToBytes(text)));
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toBase64(run: Run, text: string): string {
  run.allocateText(text.length * 4);
  run.spend(text.length * 4);
  const bytes = utf8ToBytes(text);
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const bits = (a << 16) | (b << 8) | c;
    out += `${digit(bits >> 18)}${digit(bits >> 12)}`;
    out += i + 1 < bytes.length ? digit(bits >> 6) : '=';
    out += i + 2 < bytes.length ? digit(bits) : '=';
  }
  return out;
}

function digit(bits: number): string {
  return alphabet[bits & 63] ?? '';
}

/** Reads both the common and the URL-safe alphabet. */
export function fromBase64(run: Run, text: string): string {
  run.allocateText(text.length * 3);
  run.spend(text.length * 4);
  let encoded = '';
  let bits = 0;
  let held = 0;
  for (const letter of text.replace(/[\s=]/g, '')) {
    const value = alphabet.indexOf(letter === '-' ? '+' : letter === '_' ? '/' : letter);
    if (value < 0) throw notEncoded('Base64');
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      encoded += `%${((bits >> held) & 255).toString(16).padStart(2, '0')}`;
    }
  }
  return decodePercents(encoded, 'Base64 text');
}

export function decodeUrl(run: Run, text: string): string {
  run.allocateText(text.length);
  return decodePercents(text.replaceAll('+', ' '), 'text from an address');
}

function decodePercents(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notEncoded(what);
  }
}

function notEncoded(what: string): ExpressionError {
  return new ExpressionError('bad-value', `This is not ${what}.`, 'Check that the value was encoded in this way.');
}

export function encodeUrl(run: Run, text: string): string {
  run.allocateText(text.length * 3);
  try {
    return encodeURIComponent(text);
  } catch {
    throw new ExpressionError('bad-value', 'The text holds half of a character.', 'Do not cut texts within an emoji.');
  }
}

/** `a=1&b=x%20y`; lists give their field several times, missing values are left out. */
export function queryOf(run: Run, object: Record<string, unknown>): string {
  const pairs: string[] = [];
  for (const name of Object.keys(object)) {
    const value = fieldOf(object, name);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined || one === null) continue;
      pairs.push(`${encodeUrl(run, name)}=${encodeUrl(run, toText(run, one))}`);
    }
  }
  return pairs.join('&');
}

export function escapeHtml(run: Run, text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  run.allocateText(text.length * 6);
  return text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}

/** Without tags. Not a sanitizer: escape the result where it goes back into a page. */
export function withoutTags(run: Run, text: string): string {
  run.allocate(text.length);
  let out = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('<', at);
    const close = open < 0 ? -1 : text.indexOf('>', open);
    if (close < 0) break;
    run.spend(2);
    out += text.slice(at, open);
    at = close + 1;
  }
  return out + text.slice(at);
}
