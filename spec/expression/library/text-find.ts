import { Pattern, patternFrom } from '../pattern.ts';
import type { Run } from '../run.ts';
import { textOf } from './arguments.ts';

/** Patterns of what people look for in text; they run in linear time, as all patterns here do. */
const emailSource = "[\\p{L}\\p{N}.!#$%&'*+/=?^_`{|}~-]+@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,62})\\.)+\\p{L}{2,63}";
const domainSource = '(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.)+\\p{L}{2,63}';
const email = pattern(emailSource, 'u');
const url = pattern('https?://[^\\s<>"\'`{}|\\\\^]+', 'i');
const domain = pattern(domainSource, 'iu');
const number = pattern('[-+]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][-+]?\\d+)?', '');
const wholeEmail = pattern(`^(?:${emailSource})$`, 'u');
const wholeDomain = pattern(`^(?:${domainSource})$`, 'iu');
const wholeUrl = pattern('^https?://[^\\s/?#]+(?:[/?#][^\\s]*)?$', 'i');

/** Compiled at its first use: those of letters of all alphabets take milliseconds, which every start would pay. */
function pattern(source: string, flags: string): () => Pattern {
  let compiled: Pattern | undefined;
  return () => {
    compiled ??= new Pattern(source, flags);
    return compiled;
  };
}

export function emailIn(run: Run, text: string): string | undefined {
  return email().first(run, text)?.groups[0];
}

/** The first address of a page in a text; a full stop or bracket that ends the sentence is not part of it. */
export function urlIn(run: Run, text: string): string | undefined {
  return url()
    .first(run, text)
    ?.groups[0]?.replace(/[.,;:!?)\]]{1,20}$/, '');
}

/** The host name of an address, of an email address, or the first one in a text. */
export function domainIn(run: Run, text: string): string | undefined {
  const address = urlIn(run, text);
  const at = address === undefined ? emailIn(run, text)?.split('@')[1] : hostOf(address);
  return (at ?? domain().first(run, text)?.groups[0])?.toLowerCase();
}

function hostOf(address: string): string {
  const [authority = ''] = address.slice(address.indexOf('//') + 2).split(/[/?#]/, 1);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return host.replace(/:\d{1,5}$/, '');
}

export function urlPathIn(run: Run, text: string): string | undefined {
  const address = urlIn(run, text);
  if (address === undefined) return undefined;
  const rest = address.slice(address.indexOf('//') + 2);
  const slash = rest.search(/[/?#]/);
  const path = slash < 0 ? '' : (rest.slice(slash).split(/[?#]/, 1)[0] ?? '');
  return path === '' ? '/' : path;
}

export function numberIn(run: Run, text: string): number | undefined {
  const found = number().first(run, text)?.groups[0];
  return found === undefined ? undefined : Number(found);
}

export function isEmailText(run: Run, text: string): boolean {
  return text.length <= 320 && wholeEmail().test(run, text);
}

export function isUrlText(run: Run, text: string): boolean {
  return wholeUrl().test(run, text);
}

export function isDomainText(run: Run, text: string): boolean {
  return text.length <= 253 && wholeDomain().test(run, text);
}

/** Whether all of the text is a number, as `toNumber` reads it. */
export function isNumericText(text: string): boolean {
  return text.length < 400 && text.trim() !== '' && Number.isFinite(Number(text));
}

/** A pattern given as `/.../` or as text. */
export function patternOf(run: Run, value: unknown, who: string): Pattern {
  return value instanceof Pattern ? value : patternFrom(run, textOf(run, value, who), '');
}
