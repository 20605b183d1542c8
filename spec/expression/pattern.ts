import { type Matcher, RE2JS } from 're2js';
import { ExpressionError } from './expression-error.ts';
import { translatePattern } from './pattern-syntax.ts';
import type { Run } from './run.ts';

const longestPattern = 1_000;
const largestProgram = 3_000;

/** One match: the whole text and its groups, with its place in the text. */
export interface Match {
  readonly index: number;
  readonly end: number;
  /** The whole match first, then the groups; undefined for a group that took no part. */
  readonly groups: readonly (string | undefined)[];
}

/**
 * A regular expression, matched in linear time by RE2. It follows JavaScript's syntax and results, but reads whole
 * characters (as with the `u` flag), keeps no position between calls, and has neither look-around nor back-references. A
 * group within a repeat keeps what it matched in an earlier round, and an optional part that matches nothing is not tried
 * again by another way.
 */
export class Pattern {
  readonly source: string;
  readonly flags: string;
  readonly global: boolean;
  readonly groupNames: readonly (readonly [string, number])[];
  readonly #regex: RE2JS;
  readonly #groupCount: number;
  readonly #readsAhead: boolean;
  readonly #cost: number;

  constructor(source: string, flags: string) {
    for (const flag of flags) {
      if (!'gimsu'.includes(flag)) {
        throw new ExpressionError(
          'bad-pattern',
          `The pattern flag '${flag}' is not supported.`,
          'Use g (all matches), i (ignore case), m (line by line), s (dot matches line ends) or u.',
        );
      }
    }
    if (source.length > longestPattern) {
      throw new ExpressionError(
        'bad-pattern',
        'The pattern is too long.',
        `Keep it under ${longestPattern} characters.`,
      );
    }
    const translated = translatePattern(source, flags.includes('s'));
    this.#regex = compile(translated.source, flags);
    if (this.#regex.programSize() > largestProgram) {
      throw new ExpressionError('bad-pattern', 'The pattern is too complex.', 'Use smaller repeat counts.');
    }
    this.source = source;
    this.flags = flags;
    this.global = flags.includes('g');
    this.groupNames = Object.entries(this.#regex.namedGroups());
    this.#groupCount = this.#regex.groupCount();
    this.#readsAhead = translated.readsAhead;
    this.#cost = 1 + this.#regex.programSize() / 50;
  }

  /** Whether the pattern occurs in the text. */
  test(run: Run, text: string): boolean {
    run.spend(20 + Math.ceil(text.length * this.#cost));
    return this.#regex.test(text);
  }

  /** The first match. */
  first(run: Run, text: string): Match | undefined {
    for (const match of this.matches(run, text)) return match;
    return undefined;
  }

  /** All matches in order, each charged for the text that its search may have read. */
  *matches(run: Run, text: string): Generator<Match, void, undefined> {
    const matcher = this.#regex.matcher(text);
    let from = 0;
    for (;;) {
      run.spend(20);
      if (this.#readsAhead) run.spend(Math.ceil((text.length - from) * this.#cost));
      const found = matcher.find();
      const end = found ? matcher.end() : text.length;
      run.spend(Math.ceil((end - from) * this.#cost * 2));
      if (!found) return;
      from = end;
      yield this.#read(matcher);
    }
  }

  #read(matcher: Matcher): Match {
    const groups: (string | undefined)[] = [];
    for (let i = 0; i <= this.#groupCount; i++) groups.push(matcher.group(i) ?? undefined);
    return { index: matcher.start(), end: matcher.end(), groups };
  }
}

function compile(source: string, flags: string): RE2JS {
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  try {
    return RE2JS.compile(source, bits);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^error parsing regexp: /, '') : 'it cannot be read';
    throw new ExpressionError('bad-pattern', `The pattern cannot be used: ${reason}.`, 'Correct the pattern.');
  }
}

const recent = new Map<string, Pattern>();
const kept = 200;

/** The pattern for a source given as text; recently used ones are kept. */
export function patternFrom(run: Run, source: string, flags: string): Pattern {
  const key = `${flags}/${source}`;
  const known = recent.get(key);
  if (known) return known;
  run.spend(2_000 + source.length * 20);
  const made = new Pattern(source, flags);
  if (recent.size >= kept) {
    for (const oldest of recent.keys()) {
      recent.delete(oldest);
      break;
    }
  }
  recent.set(key, made);
  return made;
}
