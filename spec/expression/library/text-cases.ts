import type { Run } from '../run.ts';

/** The words of a text: runs of letters and digits, split where small letters meet capitals. */
export function wordsOf(run: Run, text: string): string[] {
  run.allocate(text.length * 4);
  const spaced = text.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2').replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2');
  return spaced.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** Capital first letters, small others: "ada o'neil" -> "Ada O'Neil", "MÜLLER-LÜDENSCHEIDT" -> "Müller-Lüdenscheidt". */
export function titleCase(run: Run, text: string): string {
  run.allocate(text.length * 2);
  return text
    .toLowerCase()
    .replace(/(^|[^\p{L}\p{M}\p{N}'’])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
    .replace(/(\bO['’])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

export function sentenceCase(run: Run, text: string): string {
  run.allocate(text.length * 2);
  return text
    .toLowerCase()
    .replace(/(^\s*|[.!?]\s+)(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

export function camelCase(run: Run, text: string): string {
  return wordsOf(run, text)
    .map((word, i) => (i === 0 ? word.toLowerCase() : (word[0] ?? '').toUpperCase() + word.slice(1).toLowerCase()))
    .join('');
}

export function joinedCase(run: Run, text: string, separator: string): string {
  return wordsOf(run, text)
    .map((word) => word.toLowerCase())
    .join(separator);
}

/** Latin letters without their accents; the German, Nordic and Polish ones that have no accent to drop are spelled out. */
export function withoutAccents(run: Run, text: string): string {
  run.allocate(text.length * 4);
  const spelled: Readonly<Record<string, string>> = {
    ß: 'ss',
    æ: 'ae',
    Æ: 'AE',
    ø: 'o',
    Ø: 'O',
    ł: 'l',
    Ł: 'L',
    đ: 'd',
  };
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæÆøØłŁđ]/g, (letter) => spelled[letter] ?? letter);
}

/** For addresses and file names: small letters, digits and hyphens. */
export function slugOf(run: Run, text: string): string {
  return withoutAccents(run, text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}
