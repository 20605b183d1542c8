import { methodsOf } from '../definition.ts';
import { toJsonText, toText } from '../leave.ts';
import { join } from '../operators.ts';
import type { Match, Pattern } from '../pattern.ts';
import type { Run } from '../run.ts';
import { isMissing, textOf, wholeOf } from './arguments.ts';
import { parseJsonText, toBooleanValue, toNumberValue } from './convert-functions.ts';
import { dateOf, parseByFormat } from './date-operations.ts';
import { decodeUrl, encodeUrl, fromBase64, hashText, toBase64, withoutTags } from './encode.ts';
import { camelCase, joinedCase, sentenceCase, slugOf, titleCase, withoutAccents } from './text-cases.ts';
import {
  domainIn,
  emailIn,
  isDomainText,
  isEmailText,
  isNumericText,
  isUrlText,
  patternOf,
  urlIn,
  urlPathIn,
} from './text-find.ts';
import { padText, repeatText, splitText } from './text-make.ts';
import { namedGroups, replaceText } from './text-replace.ts';

const method = methodsOf('text');

/** Accounts for a new text of about the same length as the old one. */
function again(run: Run, text: string): string {
  run.allocate(text.length);
  return text;
}

/** Work of reading through a text once. */
function scan(run: Run, text: string): string {
  run.spend(text.length >> 3);
  return text;
}

/** A match as JavaScript gives it: a list of the whole and the groups, with `index` and `groups`. */
export function matchList(run: Run, match: Match, pattern: Pattern): unknown[] {
  run.allocate(match.groups.length * 8 + 32);
  const list: unknown[] = [...match.groups];
  const groups = pattern.groupNames.length > 0 ? namedGroups(match, pattern.groupNames) : undefined;
  return Object.assign(list, { index: match.index, groups });
}

function allMatches(run: Run, text: string, pattern: Pattern): unknown[] {
  const all: unknown[] = [];
  for (const match of pattern.matches(run, text)) all.push(matchList(run, match, pattern));
  return all;
}

const optional = (value: unknown, who: string) => (isMissing(value) ? undefined : wholeOf(value, who, 0));

export const textMethods = [
  method('toUpperCase()', 'In capitals.', [["'ada'.toUpperCase()", 'ADA']], (run, text) =>
    again(run, text).toUpperCase(),
  ),
  method('toLowerCase()', 'In small letters.', [["'ADA'.toLowerCase()", 'ada']], (run, text) =>
    again(run, text).toLowerCase(),
  ),
  method(
    'toTitleCase()',
    'Each word with a capital first letter.',
    [["'ada lovelace'.toTitleCase()", 'Ada Lovelace']],
    titleCase,
  ),
  method(
    'toSentenceCase()',
    'Each sentence with a capital first letter.',
    [["'HELLO THERE'.toSentenceCase()", 'Hello there']],
    sentenceCase,
  ),
  method(
    'toCamelCase()',
    'Words joined, each after the first with a capital.',
    [["'First name'.toCamelCase()", 'firstName']],
    camelCase,
  ),
  method(
    'toSnakeCase()',
    'Words in small letters, joined by _.',
    [["'First name'.toSnakeCase()", 'first_name']],
    (run, text) => joinedCase(run, text, '_'),
  ),
  method(
    'toKebabCase()',
    'Words in small letters, joined by hyphens.',
    [["'First name'.toKebabCase()", 'first-name']],
    (run, text) => joinedCase(run, text, '-'),
  ),
  method('toSlug()', 'For use in addresses and file names.', [["'Crème brûlée'.toSlug()", 'creme-brulee']], slugOf),
  method(
    'replaceSpecialChars()',
    'Letters without their accents.',
    [["'Zoë'.replaceSpecialChars()", 'Zoe']],
    withoutAccents,
  ),
  method('trim()', 'Without spaces at both ends.', [["' a '.trim()", 'a']], (run, text) => again(run, text).trim()),
  method('trimStart()', 'Without spaces at the start.', [["' a '.trimStart()", 'a ']], (run, text) =>
    again(run, text).trimStart(),
  ),
  method('trimEnd()', 'Without spaces at the end.', [["' a '.trimEnd()", ' a']], (run, text) =>
    again(run, text).trimEnd(),
  ),
  method(
    'includes(part, from?)',
    'Whether the part occurs.',
    [["'London'.includes('don')", true]],
    (run, text, part, from) => scan(run, text).includes(textOf(run, part, 'includes'), wholeOf(from, 'includes', 0)),
  ),
  method(
    'startsWith(part, from?)',
    'Whether it begins with the part.',
    [["'London'.startsWith('Lon')", true]],
    (run, text, part, from) => text.startsWith(textOf(run, part, 'startsWith'), wholeOf(from, 'startsWith', 0)),
  ),
  method('endsWith(part)', 'Whether it ends with the part.', [["'London'.endsWith('don')", true]], (run, text, part) =>
    text.endsWith(textOf(run, part, 'endsWith')),
  ),
  method(
    'indexOf(part, from?)',
    'Where the part first occurs, counted from 0; -1 when it does not.',
    [["'London'.indexOf('o')", 1]],
    (run, text, part, from) => scan(run, text).indexOf(textOf(run, part, 'indexOf'), wholeOf(from, 'indexOf', 0)),
  ),
  method(
    'lastIndexOf(part)',
    'Where the part last occurs, counted from 0; -1 when it does not.',
    [["'London'.lastIndexOf('o')", 4]],
    (run, text, part) => scan(run, text).lastIndexOf(textOf(run, part, 'lastIndexOf')),
  ),
  method(
    'slice(start?, end?)',
    'From one position up to another; negative ones count from the end.',
    [["'London'.slice(-3)", 'don']],
    (_, text, start, end) => text.slice(wholeOf(start, 'slice', 0), optional(end, 'slice')),
  ),
  method(
    'substring(start?, end?)',
    'From one position up to another.',
    [["'London'.substring(0, 3)", 'Lon']],
    (_, text, start, end) => text.substring(wholeOf(start, 'substring', 0), optional(end, 'substring')),
  ),
  method(
    'substr(start, length?)',
    'From a position on, that many characters.',
    [["'London'.substr(3, 2)", 'do']],
    (_, text, start, length) => {
      const at = wholeOf(start, 'substr', 0);
      const from = at < 0 ? Math.max(0, text.length + at) : at;
      return text.slice(from, from + Math.max(0, wholeOf(length, 'substr', text.length)));
    },
  ),
  method(
    'charAt(position?)',
    'The character at a position, counted from 0.',
    [["'London'.charAt(0)", 'L']],
    (_, text, at) => text.charAt(wholeOf(at, 'charAt', 0)),
  ),
  method(
    'charCodeAt(position?)',
    'The number of the character at a position.',
    [["'A'.charCodeAt(0)", 65]],
    (_, text, at) => text.charCodeAt(wholeOf(at, 'charCodeAt', 0)),
  ),
  method(
    'at(position?)',
    'The character at a position; negative ones count from the end.',
    [["'London'.at(-1)", 'n']],
    (_, text, at) => text.at(wholeOf(at, 'at', 0)),
  ),
  method('concat(...texts)', 'Joined with other texts.', [["'a'.concat('b', 'c')", 'abc']], (run, text, ...others) =>
    others.reduce<string>((all, other) => join(run, all, toText(run, other)), text),
  ),
  method('repeat(count)', 'Several times.', [["'ab'.repeat(2)", 'abab']], repeatText),
  method(
    'padStart(length, fill?)',
    'Filled up on the left.',
    [["'7'.padStart(3, '0')", '007']],
    (run, text, length, fill) => padText(run, text, length, fill, 'start'),
  ),
  method(
    'padEnd(length, fill?)',
    'Filled up on the right.',
    [["'7'.padEnd(3, '0')", '700']],
    (run, text, length, fill) => padText(run, text, length, fill, 'end'),
  ),
  method(
    'split(separator?, limit?)',
    'The parts between the separators as a list.',
    [
      ["'a-b'.split('-')", ['a', 'b']],
      ["'ab'.split('')", ['a', 'b']],
    ],
    (run, text, separator, limit) =>
      separator === undefined ? [text] : splitText(run, text, separator, optional(limit, 'split')),
  ),
  method(
    'replace(find, replacement)',
    'With the first place of the text or pattern replaced; all of them for a pattern with g.',
    [
      ["'a-b-c'.replace('-', '+')", 'a+b-c'],
      ["'a1b2'.replace(/[0-9]/g, digit => digit * 2)", 'a2b4'],
      ["'Lovelace, Ada'.replace(/(.+), (.+)/, '$2 $1')", 'Ada Lovelace'],
    ],
    (run, text, find, replacement) => replaceText(run, text, find, replacement, false, 'replace'),
  ),
  method(
    'replaceAll(find, replacement)',
    'With every place of the text or pattern replaced.',
    [["'a-b-c'.replaceAll('-', '+')", 'a+b+c']],
    (run, text, find, replacement) => replaceText(run, text, find, replacement, true, 'replaceAll'),
  ),
  method(
    'match(pattern)',
    'The first match with its groups, or with g all matches; missing when there is none.',
    [
      ["'Order 4711'.match(/([A-Za-z]+) ([0-9]+)/)[2]", '4711'],
      ["'a1b22'.match(/[0-9]+/g)", ['1', '22']],
    ],
    (run, text, wanted) => {
      const pattern = patternOf(run, wanted, 'match');
      if (!pattern.global) {
        const match = pattern.first(run, text);
        return match ? matchList(run, match, pattern) : null;
      }
      const found: unknown[] = [];
      for (const match of pattern.matches(run, text)) {
        run.allocate(16);
        found.push(match.groups[0]);
      }
      return found.length > 0 ? found : null;
    },
  ),
  method(
    'matchAll(pattern)',
    'All matches, each a list of the whole and the groups.',
    [["'a1b2'.matchAll(/([a-z])([0-9])/g).map(m => m[1])", ['a', 'b']]],
    (run, text, pattern) => allMatches(run, text, patternOf(run, pattern, 'matchAll')),
  ),
  method(
    'search(pattern)',
    'Where the pattern first occurs, counted from 0; -1 when it does not.',
    [["'ab12'.search(/[0-9]/)", 2]],
    (run, text, pattern) => patternOf(run, pattern, 'search').first(run, text)?.index ?? -1,
  ),
  method(
    'localeCompare(other)',
    'Below 0 when it comes before the other by alphabet, above 0 when after.',
    [["'a'.localeCompare('b')", -1]],
    (run, text, other) => scan(run, text).localeCompare(textOf(run, other, 'localeCompare'), 'en'),
  ),
  method(
    'normalize(form?)',
    'In a Unicode normal form; NFC unless said otherwise.',
    [["'e\\u0301'.normalize().length", 1]],
    (run, text, form) => {
      run.allocateText(text.length * 4);
      const name = isMissing(form) ? 'NFC' : textOf(run, form, 'normalize');
      return text.normalize(['NFC', 'NFD', 'NFKC', 'NFKD'].includes(name) ? name : 'NFC');
    },
  ),
  method('toString()', 'Itself.', [["'a'.toString()", 'a']], (_, text) => text),
  method('toText()', 'Itself.', [["'a'.toText()", 'a']], (_, text) => text),
  method('toNumber()', 'The number that it holds.', [["'12.5'.toNumber()", 12.5]], toNumberValue),
  method('toInt()', 'The whole part of the number that it holds.', [["'12.5'.toInt()", 12]], (run, text) =>
    Math.trunc(toNumberValue(run, text) ?? Number.NaN),
  ),
  method('toFloat()', 'The number that it holds.', [["'12.5'.toFloat()", 12.5]], toNumberValue),
  method('toBoolean()', 'True for true, yes, y, on and 1.', [["'yes'.toBoolean()", true]], toBooleanValue),
  method(
    'toDateTime(format?)',
    'The date that it holds.',
    [["'2024-01-15'.toDateTime().year", 2024]],
    (run, text, format) =>
      isMissing(format) ? dateOf(run, text, 'toDateTime') : parseByFormat(run, text, textOf(run, format, 'toDateTime')),
  ),
  method('toJsonString()', 'As JSON, in quotes.', [["'a'.toJsonString()", '"a"']], (run, text) =>
    toJsonText(run, text),
  ),
  method('parseJson()', 'The value of a JSON text.', [['\'{"a":1}\'.parseJson().a', 1]], parseJsonText),
  method(
    'extractEmail()',
    'The first email address in it.',
    [["'Ada <ada@example.com>'.extractEmail()", 'ada@example.com']],
    emailIn,
  ),
  method(
    'extractDomain()',
    'The domain of an email or web address.',
    [["'ada@example.com'.extractDomain()", 'example.com']],
    domainIn,
  ),
  method(
    'extractUrl()',
    'The first web address in it.',
    [["'at https://example.com now'.extractUrl()", 'https://example.com']],
    urlIn,
  ),
  method(
    'extractUrlPath()',
    'The path of the first web address in it.',
    [["'https://example.com/a/b?c=1'.extractUrlPath()", '/a/b']],
    urlPathIn,
  ),
  method('isEmail()', 'Whether it is an email address.', [["'ada@example.com'.isEmail()", true]], isEmailText),
  method('isUrl()', 'Whether it is a web address.', [["'https://example.com'.isUrl()", true]], isUrlText),
  method('isDomain()', 'Whether it is a domain name.', [["'example.com'.isDomain()", true]], isDomainText),
  method('isNumeric()', 'Whether it is a number.', [["'12.5'.isNumeric()", true]], (_, text) => isNumericText(text)),
  method('isEmpty()', 'Whether it has no characters.', [["''.isEmpty()", true]], (_, text) => text === ''),
  method('isNotEmpty()', 'Whether it has characters.', [["'a'.isNotEmpty()", true]], (_, text) => text !== ''),
  method(
    'hash(algorithm?)',
    'A fingerprint of it; sha256 unless said otherwise.',
    [["'abc'.hash('md5')", '900150983cd24fb0d6963f7d28e17f72']],
    hashText,
  ),
  method('base64Encode()', 'In Base64.', [["'Zoë'.base64Encode()", 'Wm/Dqw==']], toBase64),
  method('base64Decode()', 'Out of Base64.', [["'Wm/Dqw=='.base64Decode()", 'Zoë']], fromBase64),
  method('urlEncode()', 'For use inside of a web address.', [["'a b'.urlEncode()", 'a%20b']], encodeUrl),
  method('urlDecode()', 'Out of a web address.', [["'a%20b'.urlDecode()", 'a b']], decodeUrl),
  method('removeTags()', 'Without HTML tags.', [["'<b>a</b>'.removeTags()", 'a']], withoutTags),
  method('quote(mark?)', 'Between quotes.', [["'a'.quote()", '"a"']], (run, text, mark) => {
    const quote = isMissing(mark) ? '"' : textOf(run, mark, 'quote');
    return join(run, join(run, quote, text), quote);
  }),
];
