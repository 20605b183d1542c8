import { type Builtin, category } from '../definition.ts';
import { toText } from '../leave.ts';
import type { Run } from '../run.ts';
import { isMissing, listOf, textOf, wholeOf } from './arguments.ts';
import { camelCase, joinedCase, sentenceCase, slugOf, titleCase, withoutAccents, wordsOf } from './text-cases.ts';
import {
  domainIn,
  emailIn,
  isDomainText,
  isEmailText,
  isNumericText,
  isUrlText,
  numberIn,
  patternOf,
  urlIn,
} from './text-find.ts';
import { joinTexts, padText, repeatText, splitText, truncateText } from './text-make.ts';
import { replaceText } from './text-replace.ts';

const { fn } = category('Text');

/** Functions of one text; a missing text gives a missing result. */
export function ofText(who: string, compute: (run: Run, text: string, ...rest: unknown[]) => unknown): Builtin {
  return (run, value, ...rest) => {
    if (isMissing(value)) return undefined;
    const text = textOf(run, value, who);
    run.allocate(text.length);
    return compute(run, text, ...rest);
  };
}

/** Questions about a text; a missing text answers false. */
function askText(who: string, ask: (run: Run, text: string, ...rest: unknown[]) => boolean): Builtin {
  return (run, value, ...rest) => {
    if (isMissing(value)) return false;
    const text = textOf(run, value, who);
    run.spend(text.length >> 3);
    return ask(run, text, ...rest);
  };
}

/** A text contains a text; a list contains an entry. */
function containsValue(run: Run, container: unknown, wanted: unknown): boolean {
  if (isMissing(container)) return false;
  if (Array.isArray(container)) {
    run.spend(container.length);
    return container.includes(wanted);
  }
  const text = textOf(run, container, 'contains');
  run.spend(text.length >> 3);
  return text.includes(textOf(run, wanted, 'contains'));
}

export const textFunctions = [
  fn(
    'upper(text)',
    'The text in capitals.',
    [['upper($json.firstName)', 'ADA']],
    ofText('upper', (_, text) => text.toUpperCase()),
  ),
  fn(
    'lower(text)',
    'The text in small letters.',
    [["lower('ADA')", 'ada']],
    ofText('lower', (_, text) => text.toLowerCase()),
  ),
  fn(
    'title(text)',
    'Each word with a capital first letter.',
    [["title('ada LOVELACE')", 'Ada Lovelace']],
    ofText('title', titleCase),
  ),
  fn(
    'sentence(text)',
    'Each sentence with a capital first letter.',
    [["sentence('HELLO THERE. how are you?')", 'Hello there. How are you?']],
    ofText('sentence', sentenceCase),
  ),
  fn(
    'camelCase(text)',
    'Words joined, each after the first with a capital.',
    [["camelCase('First name')", 'firstName']],
    ofText('camelCase', camelCase),
  ),
  fn(
    'snakeCase(text)',
    'Words in small letters, joined by _.',
    [["snakeCase('First name')", 'first_name']],
    ofText('snakeCase', (run, text) => joinedCase(run, text, '_')),
  ),
  fn(
    'kebabCase(text)',
    'Words in small letters, joined by hyphens.',
    [["kebabCase('firstName')", 'first-name']],
    ofText('kebabCase', (run, text) => joinedCase(run, text, '-')),
  ),
  fn(
    'slug(text)',
    'The text for use in addresses and file names.',
    [["slug('Crème brûlée & Co.')", 'creme-brulee-co']],
    ofText('slug', slugOf),
  ),
  fn(
    'removeAccents(text)',
    'Letters without their accents.',
    [["removeAccents('Zoë Müller')", 'Zoe Muller']],
    ofText('removeAccents', withoutAccents),
  ),
  fn(
    'trim(text)',
    'Without spaces at both ends.',
    [["trim('  a b ')", 'a b']],
    ofText('trim', (_, text) => text.trim()),
  ),
  fn(
    'clean(text)',
    'Without spaces at both ends, and with single spaces inside.',
    [["clean('  a   b ')", 'a b']],
    ofText('clean', (_, text) => text.trim().split(/\s+/).join(' ')),
  ),
  fn(
    'left(text, count?)',
    'The first characters; 1 unless said otherwise.',
    [["left('London', 3)", 'Lon']],
    ofText('left', (_, text, count) => text.slice(0, Math.max(0, wholeOf(count, 'left', 1)))),
  ),
  fn(
    'right(text, count?)',
    'The last characters; 1 unless said otherwise.',
    [["right('London', 3)", 'don']],
    ofText('right', (_, text, count) =>
      text.slice(text.length - Math.min(text.length, Math.max(0, wholeOf(count, 'right', 1)))),
    ),
  ),
  fn(
    'mid(text, start, count?)',
    'Characters from a position on, counted from 1 as in a spreadsheet.',
    [["mid('London', 2, 3)", 'ond']],
    ofText('mid', (_, text, start, count) => {
      const from = Math.max(1, wholeOf(start, 'mid', 1)) - 1;
      return text.slice(from, from + Math.max(0, wholeOf(count, 'mid', text.length)));
    }),
  ),
  fn(
    'len(text)',
    'How many characters a text has, or entries a list.',
    [
      ["len('London')", 6],
      ['len($json.tags)', 3],
    ],
    (run, value) => {
      return isMissing(value) ? 0 : Array.isArray(value) ? value.length : textOf(run, value, 'len').length;
    },
  ),
  fn(
    'contains(text, part)',
    'Whether a text contains a text, or a list an entry.',
    [
      ["contains($json.email, '@example')", true],
      ["contains($json.tags, 'vip')", true],
    ],
    containsValue,
  ),
  fn(
    'startsWith(text, part)',
    'Whether the text begins with the part.',
    [["startsWith('London', 'Lon')", true]],
    askText('startsWith', (run, text, part) => text.startsWith(textOf(run, part, 'startsWith'))),
  ),
  fn(
    'endsWith(text, part)',
    'Whether the text ends with the part.',
    [["endsWith('London', 'don')", true]],
    askText('endsWith', (run, text, part) => text.endsWith(textOf(run, part, 'endsWith'))),
  ),
  fn(
    'replace(text, find, replacement)',
    'Replaces every place where the text or pattern occurs.',
    [
      ["replace('a-b-c', '-', '+')", 'a+b+c'],
      ["replace('Tel. 030 123', /[^0-9]/, '')", '030123'],
    ],
    ofText('replace', (run, text, find, replacement) => replaceText(run, text, find, replacement, true, 'replace')),
  ),
  fn(
    'split(text, separator?)',
    'The parts between the separators; at commas unless said otherwise. Spaces around the parts are kept.',
    [
      ["split('a,b,c')", ['a', 'b', 'c']],
      ["split('a1b22c', /[0-9]+/)", ['a', 'b', 'c']],
    ],
    (run, value, separator) =>
      isMissing(value) ? [] : splitText(run, textOf(run, value, 'split'), separator ?? ',', undefined),
  ),
  fn(
    'join(list, separator?)',
    'The entries as one text; with a comma and a space between them unless said otherwise.',
    [["join($json.tags, ' + ')", 'lead + vip + lead']],
    (run, list, separator) =>
      joinTexts(run, listOf(list, 'join'), isMissing(separator) ? ', ' : textOf(run, separator, 'join')),
  ),
  fn(
    'concat(...values)',
    'All values as one text; missing ones are left out.',
    [["concat('A', 1, null, 'B')", 'A1B']],
    (run, ...values) => joinTexts(run, values, ''),
  ),
  fn(
    'padStart(text, length, fill?)',
    'Filled up on the left; with spaces unless said otherwise.',
    [["padStart(7, 3, '0')", '007']],
    ofText('padStart', (run, text, length, fill) => padText(run, text, length, fill, 'start')),
  ),
  fn(
    'padEnd(text, length, fill?)',
    'Filled up on the right; with spaces unless said otherwise.',
    [["padEnd('a', 3, '.')", 'a..']],
    ofText('padEnd', (run, text, length, fill) => padText(run, text, length, fill, 'end')),
  ),
  fn('repeat(text, count)', 'The text several times.', [["repeat('ab', 3)", 'ababab']], ofText('repeat', repeatText)),
  fn(
    'truncate(text, length, ending?)',
    'Cut to a length, with … where something was cut off.',
    [["truncate('Hello there', 6)", 'Hello…']],
    ofText('truncate', truncateText),
  ),
  fn(
    'words(text)',
    'The words of the text as a list.',
    [["words('Ada, the first')", ['Ada', 'the', 'first']]],
    ofText('words', wordsOf),
  ),
  fn(
    'lines(text)',
    'The lines of the text as a list.',
    [["lines('a\\nb')", ['a', 'b']]],
    ofText('lines', (run, text) => splitText(run, text.replaceAll('\r\n', '\n'), '\n', undefined)),
  ),
  fn(
    'initials(text)',
    'The first letter of each word.',
    [["initials('Ada Lovelace')", 'AL']],
    ofText('initials', (run, text) =>
      wordsOf(run, text)
        .map((word) => (word[0] ?? '').toUpperCase())
        .join(''),
    ),
  ),
  fn(
    'find(text, part)',
    'Where the part first occurs, counted from 1; 0 when it does not.',
    [["find('London', 'd')", 4]],
    ofText('find', (run, text, part) => text.indexOf(textOf(run, part, 'find')) + 1),
  ),
  fn(
    'before(text, part)',
    'What stands before the first place of the part; all of it when there is none.',
    [["before('a@b', '@')", 'a']],
    ofText('before', (run, text, part) => {
      const at = text.indexOf(textOf(run, part, 'before'));
      return at < 0 ? text : text.slice(0, at);
    }),
  ),
  fn(
    'after(text, part)',
    'What stands after the first place of the part; empty when there is none.',
    [["after('a@b', '@')", 'b']],
    ofText('after', (run, text, part) => {
      const wanted = textOf(run, part, 'after');
      const at = text.indexOf(wanted);
      return at < 0 ? '' : text.slice(at + wanted.length);
    }),
  ),
  fn(
    'matches(text, pattern)',
    'Whether the pattern occurs in the text.',
    [["matches('A-123', /^[A-Z]-[0-9]+$/)", true]],
    askText('matches', (run, text, pattern) => patternOf(run, pattern, 'matches').test(run, text)),
  ),
  fn(
    'extract(text, pattern, group?)',
    'What the pattern matches: its first group if it has one, else all of it.',
    [
      ["extract('Order 4711 of today', /Order ([0-9]+)/)", '4711'],
      ["extract('none', /[0-9]+/)", undefined],
    ],
    ofText('extract', (run, text, pattern, group) => {
      const match = patternOf(run, pattern, 'extract').first(run, text);
      return match?.groups[wholeOf(group, 'extract', match.groups.length > 1 ? 1 : 0)];
    }),
  ),
  fn(
    'extractAll(text, pattern)',
    'Everything that the pattern matches, as a list.',
    [["extractAll('a1 b22', /[0-9]+/)", ['1', '22']]],
    ofText('extractAll', (run, text, pattern) => {
      const found: unknown[] = [];
      for (const { groups } of patternOf(run, pattern, 'extractAll').matches(run, text)) {
        run.allocate(16);
        found.push(groups.length > 1 ? groups[1] : groups[0]);
      }
      return found;
    }),
  ),
  fn(
    'extractEmail(text)',
    'The first email address in the text.',
    [["extractEmail('Write to ada@example.com.')", 'ada@example.com']],
    ofText('extractEmail', emailIn),
  ),
  fn(
    'extractDomain(text)',
    'The domain of an email address, a web address or a text.',
    [
      ['extractDomain($json.email)', 'example.com'],
      ['extractDomain($json.website)', 'www.example.com'],
    ],
    ofText('extractDomain', domainIn),
  ),
  fn(
    'extractUrl(text)',
    'The first web address in the text.',
    [["extractUrl('See https://example.com/a, please')", 'https://example.com/a']],
    ofText('extractUrl', urlIn),
  ),
  fn(
    'extractNumber(text)',
    'The first number in the text.',
    [["extractNumber('about 12.5 kg')", 12.5]],
    ofText('extractNumber', numberIn),
  ),
  fn(
    'isEmail(text)',
    'Whether the text is an email address.',
    [['isEmail($json.email)', true]],
    askText('isEmail', isEmailText),
  ),
  fn(
    'isUrl(text)',
    'Whether the text is a web address.',
    [["isUrl('example.com')", false]],
    askText('isUrl', isUrlText),
  ),
  fn(
    'isDomain(text)',
    'Whether the text is a domain name.',
    [["isDomain('example.com')", true]],
    askText('isDomain', isDomainText),
  ),
  fn(
    'isNumeric(text)',
    'Whether the text is a number.',
    [
      ["isNumeric('12.5')", true],
      ["isNumeric('12 kg')", false],
    ],
    askText('isNumeric', (_, text) => isNumericText(text)),
  ),
  fn(
    'toText(value)',
    'The value as text: dates as ISO text, lists and objects as JSON, nothing as an empty text.',
    [
      ['toText(12.5)', '12.5'],
      ['toText([1, 2])', '[1,2]'],
    ],
    toText,
  ),
];
