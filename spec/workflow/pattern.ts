import { RE2JS } from 're2js';
import { ExpressionError } from '../expression/expression-error.ts';
import { translatePattern } from '../expression/pattern-syntax.ts';

/** Whether a text contains a match, in time linear in its length. */
export type PatternTest = (text: string) => boolean;

/** A regular expression in JavaScript's syntax without look-around and back-references; what is wrong with it otherwise. */
export function readPattern(source: string): { test: PatternTest } | { message: string; remedy: string } {
  if (source.length > 1_000) return { message: 'it is too long', remedy: 'Keep it under 1,000 characters.' };
  try {
    const pattern = RE2JS.compile(translatePattern(source, false).source);
    if (pattern.programSize() > 3_000) return { message: 'it is too complex', remedy: 'Use smaller repeat counts.' };
    return { test: (text) => pattern.test(text) };
  } catch (error) {
    if (error instanceof ExpressionError) return { message: lowered(error.message), remedy: error.remedy };
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it cannot be read';
    return { message: reason, remedy: 'Correct the pattern.' };
  }
}

function lowered(message: string): string {
  return message
    .replace(/^Patterns/, 'patterns')
    .replace(/^The pattern/, 'it')
    .replace(/\.$/, '');
}
