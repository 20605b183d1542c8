/**
 * A parameter's text as editors show it. In the document a string that begins with `=` is a template; an editor shows
 * what stands after that sign, and the sign comes and goes with the first and last `{{ }}`.
 */

/** A `{{ expression }}` in a body: offsets of the whole, braces included. */
export interface Hole {
  readonly from: number;
  readonly to: number;
  readonly expression: string;
}

export function isTemplateText(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('=');
}

/** What an editor shows for a document value. */
export function bodyOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.startsWith('=') ? value.slice(1) : value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The document value for what an editor shows. */
export function paramOf(body: string): string {
  return body.includes('{{') || body.startsWith('=') ? `=${body}` : body;
}

/** The expressions of a body in order; braces inside quotes and objects do not end one. */
export function holesOf(body: string): Hole[] {
  const holes: Hole[] = [];
  let at = 0;
  while (at < body.length) {
    const open = body.indexOf('{{', at);
    if (open < 0) break;
    if (body[open - 1] === '\\') {
      at = open + 2;
      continue;
    }
    const close = closingBraces(body, open + 2);
    if (close < 0) break;
    holes.push({ from: open, to: close + 2, expression: body.slice(open + 2, close).trim() });
    at = close + 2;
  }
  return holes;
}

/** The expression of a value that is nothing but one. */
export function formulaOf(value: unknown): string | undefined {
  if (!isTemplateText(value)) return undefined;
  const body = value.slice(1);
  const [hole, another] = holesOf(body);
  if (!hole || another || hole.from !== 0 || hole.to !== body.length) return undefined;
  return hole.expression;
}

export function formulaValue(expression: string): string {
  return `={{ ${expression} }}`;
}

function closingBraces(body: string, from: number): number {
  let depth = 0;
  let quote = '';
  for (let at = from; at < body.length; at++) {
    const char = body[at] ?? '';
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === "'" || char === '"' || char === '`') {
      quote = char;
    } else if (char === '{') {
      depth++;
    } else if (char === '}') {
      if (depth === 0 && body[at + 1] === '}') return at;
      depth = Math.max(0, depth - 1);
    }
  }
  return -1;
}
