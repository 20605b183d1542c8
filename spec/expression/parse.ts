import { type Expression, type Options, Parser } from 'acorn';
import { ExpressionError } from './expression-error.ts';

const longestSource = 20_000;
const deepestNesting = 400;

const options: Options = { ecmaVersion: 2024, sourceType: 'module', allowReserved: true, preserveParens: true };

/** The recursive steps of acorn's descent; every nested construct passes through one of them. */
interface Descent {
  pos: number;
  parseMaybeAssign(...args: unknown[]): unknown;
  parseMaybeUnary(...args: unknown[]): unknown;
  parseExprOp(...args: unknown[]): unknown;
  parseStatement(...args: unknown[]): unknown;
}

type DescentConstructor = new (options: Options, input: string, start?: number) => Descent;

/** acorn's parser with a bound on nesting, so that no source can overflow the stack. */
class BoundedParser extends (Parser as unknown as DescentConstructor) {
  depth = 0;

  override parseMaybeAssign(...args: unknown[]): unknown {
    return this.descend(() => super.parseMaybeAssign(...args));
  }
  override parseMaybeUnary(...args: unknown[]): unknown {
    return this.descend(() => super.parseMaybeUnary(...args));
  }
  override parseExprOp(...args: unknown[]): unknown {
    return this.descend(() => super.parseExprOp(...args));
  }
  override parseStatement(...args: unknown[]): unknown {
    return this.descend(() => super.parseStatement(...args));
  }

  private descend(parse: () => unknown): unknown {
    if (++this.depth > deepestNesting) {
      throw new ExpressionError(
        'too-deep',
        'This expression is nested too deeply.',
        'Split it into several fields, each with a shorter expression.',
        { start: this.pos, end: this.pos },
      );
    }
    const node = parse();
    this.depth--;
    return node;
  }
}

const bounded = BoundedParser as unknown as typeof Parser;

/** A template taken apart: text and expressions in order. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly node: Expression };

interface ParsedTemplate {
  readonly parts: readonly TemplatePart[];
  readonly errors: readonly ExpressionError[];
}

/** Finds the texts and expressions of a template. Errors are collected; parsing goes on after the next `}}`. */
export function parseTemplate(source: string): ParsedTemplate {
  if (source.length > longestSource) {
    return {
      parts: [],
      errors: [
        new ExpressionError(
          'too-big',
          'This text with expressions is too long.',
          `Keep it under ${longestSource} characters, or use a Code step.`,
          { start: 0, end: source.length },
        ),
      ],
    };
  }
  const parts: TemplatePart[] = [];
  const errors: ExpressionError[] = [];
  let text = '';
  let at = 1;
  while (at < source.length) {
    const open = source.indexOf('{{', at);
    if (open < 0) {
      text += source.slice(at);
      break;
    }
    if (source[open - 1] === '\\') {
      text += `${source.slice(at, open - 1)}{{`;
      at = open + 2;
      continue;
    }
    text += source.slice(at, open);
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
    try {
      const { node, end } = parseHole(source, open);
      parts.push({ kind: 'expression', node });
      at = end;
    } catch (cause) {
      errors.push(syntaxError(cause, source, open));
      const close = source.indexOf('}}', open + 2);
      at = close < 0 ? source.length : close + 2;
    }
  }
  if (text !== '') parts.push({ kind: 'text', text });
  return { parts, errors };
}

function parseHole(source: string, open: number): { node: Expression; end: number } {
  const start = open + 2;
  if (/^\s*\}\}/.test(source.slice(start, start + 200))) {
    throw new ExpressionError(
      'syntax',
      'There is nothing between {{ and }}.',
      'Write an expression such as {{ $json.email }}, or remove the braces.',
      { start: open, end: source.indexOf('}}', start) + 2 },
    );
  }
  if (source.indexOf('}}', start) < 0) {
    throw new ExpressionError('syntax', 'This {{ is not closed.', 'Add }} after the expression.', {
      start: open,
      end: source.length,
    });
  }
  const node = bounded.parseExpressionAt(source, start, options);
  const close = skipSpace(source, node.end);
  if (!source.startsWith('}}', close)) {
    throw goesOn(source, node, close);
  }
  return { node, end: close + 2 };
}

function goesOn(source: string, node: Expression, at: number): ExpressionError {
  const word = /^\w+/.exec(source.slice(at, at + 60))?.[0];
  const field =
    node.type === 'MemberExpression' && node.property.type === 'Identifier' ? node.property.name : undefined;
  const remedy =
    word !== undefined && field !== undefined
      ? `A field whose name has a space is written ["${field} ${word}"].`
      : 'Put one expression between {{ and }}; join two with an operator such as +, and put text in quotes.';
  return new ExpressionError('syntax', 'This expression goes on where it should end.', remedy, {
    start: at,
    end: Math.min(at + (word?.length ?? 1), source.length),
  });
}

function skipSpace(source: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < source.length && /\s/.test(source[at] as string)) at++;
    if (source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at + 2);
      at = end < 0 ? source.length : end + 2;
    } else if (source.startsWith('//', at)) {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end + 1;
    } else return at;
  }
}

function syntaxError(cause: unknown, source: string, open: number): ExpressionError {
  if (cause instanceof ExpressionError) return cause.at({ start: open, end: source.length });
  if (cause instanceof RangeError) {
    return new ExpressionError('too-deep', 'This expression is nested too deeply.', 'Split it into shorter parts.', {
      start: open,
      end: source.length,
    });
  }
  if (!(cause instanceof SyntaxError)) throw cause;
  const position = 'pos' in cause && typeof cause.pos === 'number' ? cause.pos : open;
  const reason = cause.message.replace(/ \(\d+:\d+\)$/, '');
  const place = { start: Math.min(position, source.length), end: Math.min(position + 1, source.length) };
  if (/^Unexpected token/.test(reason)) {
    const found = source.slice(place.start, place.end);
    if (source.startsWith('if', place.start)) {
      return new ExpressionError('syntax', "'if' is not expected here.", 'Use $if(test, then, otherwise).', place);
    }
    return new ExpressionError(
      'syntax',
      found === '}' ? 'The expression stops in the middle.' : `'${found}' is not expected here.`,
      'Look for a missing quote, bracket, comma or operator just before this place.',
      place,
    );
  }
  if (/^Unterminated string/.test(reason)) {
    return new ExpressionError('syntax', 'A text is not closed.', 'Add the missing quote.', place);
  }
  return new ExpressionError('syntax', `This cannot be read: ${reason}.`, 'Correct the expression here.', place);
}
