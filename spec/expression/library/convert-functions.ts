import { category } from '../definition.ts';
import { ExpressionError } from '../expression-error.ts';
import { toJsonText } from '../leave.ts';
import { exact } from '../operators.ts';
import type { Run } from '../run.ts';
import { isMissing, needs, numberOf, objectOf, textOf } from './arguments.ts';
import { decodeUrl, encodeUrl, escapeHtml, fromBase64, hashText, queryOf, toBase64, withoutTags } from './encode.ts';
import { ofText } from './text-functions.ts';

const { fn } = category('Conversion');
const { fn: encoding } = category('Encoding');

const trueWords = new Set(['true', 'yes', 'y', '1', 'on', 't']);
const falseWords = new Set(['false', 'no', 'n', '0', 'off', 'f', '']);

export function toBooleanValue(run: Run, value: unknown): boolean | undefined {
  if (isMissing(value)) return undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  const word = textOf(run, value, 'toBoolean').trim().slice(0, 10).toLowerCase();
  if (trueWords.has(word)) return true;
  if (falseWords.has(word)) return false;
  throw needs('toBoolean', 'a yes or a no', value, 'Give true, false, yes, no, 1 or 0.');
}

/** Reads numbers as people write them: spaces and a currency sign around, commas between thousands, a percent sign. */
export function toNumberValue(run: Run, value: unknown): number | undefined {
  if (typeof value !== 'string') return numberOf(value, 'toNumber');
  const written = value.slice(0, 400).trim();
  if (written === '') return undefined;
  run.spend(20);
  const plain = Number(written);
  if (!Number.isNaN(plain)) return exact(plain, written);
  const match = /^([-+]?)\s?[$€£¥]?\s?(\d{1,3}(?:,\d{3})+|\d{1,300})(\.\d{1,300})?\s?[$€£¥]?(%?)$/.exec(written);
  if (!match)
    throw needs('toNumber', 'a number', value, 'Take the part that is a number first, as with extractNumber.');
  const [, sign = '', whole = '', decimals = '', percent = ''] = match;
  const number = Number(`${sign}${whole.replaceAll(',', '')}${decimals}`);
  return percent === '%' ? number / 100 : number;
}

export function parseJsonText(run: Run, text: string): unknown {
  run.allocate(text.length * 4);
  try {
    return JSON.parse(text);
  } catch {
    throw new ExpressionError(
      'bad-value',
      'This text is not JSON.',
      'Check where the text comes from; JSON begins with { or [ and has its names in double quotes.',
    );
  }
}

export const convertFunctions = [
  fn(
    'toNumber(value)',
    'The number that a text holds; commas between thousands, a currency sign and % are understood.',
    [
      ['toNumber($json.amount)', 1234.5],
      ["toNumber('$1,200.50')", 1200.5],
      ["toNumber('12%')", 0.12],
      ["toNumber('')", undefined],
    ],
    toNumberValue,
  ),
  fn(
    'toInteger(value)',
    'The whole part of the number that a text holds.',
    [["toInteger('12.7')", 12]],
    (run, value) => {
      const number = toNumberValue(run, value);
      return number === undefined ? undefined : Math.trunc(number);
    },
  ),
  fn(
    'toBoolean(value)',
    'true for true, yes, y, on and 1; false for false, no, n, off, 0 and an empty text.',
    [
      ["toBoolean('yes')", true],
      ['toBoolean(0)', false],
    ],
    toBooleanValue,
  ),
  fn(
    'toList(value)',
    'The value as a list: a list stays, a missing value is empty, another becomes the only entry.',
    [
      ["toList('a')", ['a']],
      ['toList(null)', []],
    ],
    (_, value) => (Array.isArray(value) ? value : isMissing(value) ? [] : [value]),
  ),
  fn(
    'toJson(value, indent?)',
    'The value as JSON text.',
    [['toJson($json.address)', '{"city":"London","zip":"W1"}']],
    (run, value, indent) => toJsonText(run, value, Math.min(10, Math.max(0, numberOf(indent, 'toJson') ?? 0))),
  ),
  fn(
    'parseJson(text)',
    'The value that a JSON text holds.',
    [['parseJson(\'{"a": [1, 2]}\').a', [1, 2]]],
    (run, value) => (isMissing(value) ? undefined : parseJsonText(run, textOf(run, value, 'parseJson'))),
  ),
  encoding(
    'hash(text, algorithm?)',
    'A fingerprint of the text, in hexadecimal: sha256 unless sha384, sha512, sha1 or md5 is asked for.',
    [
      ["hash('abc')", 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
      ["hash('abc', 'md5')", '900150983cd24fb0d6963f7d28e17f72'],
    ],
    ofText('hash', hashText),
  ),
  encoding('base64(text)', 'The text in Base64.', [["base64('Zoë')", 'Wm/Dqw==']], ofText('base64', toBase64)),
  encoding(
    'base64Decode(text)',
    'The text that was put into Base64.',
    [["base64Decode('Wm/Dqw==')", 'Zoë']],
    ofText('base64Decode', fromBase64),
  ),
  encoding(
    'urlEncode(text)',
    'For use inside of a web address.',
    [["urlEncode('a b&c')", 'a%20b%26c']],
    ofText('urlEncode', encodeUrl),
  ),
  encoding(
    'urlDecode(text)',
    'The text that was encoded for a web address.',
    [["urlDecode('a%20b%26c')", 'a b&c']],
    ofText('urlDecode', decodeUrl),
  ),
  encoding(
    'queryString(object)',
    'The fields as the query of a web address.',
    [["queryString({ q: 'a b', page: 2 })", 'q=a%20b&page=2']],
    (run, object) => queryOf(run, objectOf(object, 'queryString')),
  ),
  encoding(
    'escapeHtml(text)',
    'For use inside of a web page or an HTML email.',
    [["escapeHtml('<b>')", '&lt;b&gt;']],
    ofText('escapeHtml', escapeHtml),
  ),
  encoding(
    'stripTags(text)',
    'The text without its HTML tags.',
    [["stripTags('<p>Hi <b>Ada</b></p>')", 'Hi Ada']],
    ofText('stripTags', withoutTags),
  ),
];
