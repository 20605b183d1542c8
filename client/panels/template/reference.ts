/** A reference to a column of a step, as a pill shows it: `$json.email`, `$('accounts').item["Account Name"]`. */
export interface Reference {
  /** Id or name in `$('...')`; undefined for `$json`, the record that comes in. */
  readonly step: string | undefined;
  readonly which: 'item' | 'first' | 'last';
  /** Field names and list positions from the record down; empty for the whole record. */
  readonly path: readonly (string | number)[];
}

const start = /^\s*(?:\$json|\$\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\)\s*\.\s*(item|first\(\)|last\(\)))/;
const part =
  /^\s*(?:\??\.\s*([\p{L}_$][\p{L}\p{N}_$]*)(?!\s*\()|(?:\?\.)?\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\d+))\s*\])/u;

/** Undefined when the expression is anything more than a reference. */
export function parseReference(expression: string): Reference | undefined {
  const head = start.exec(expression);
  if (!head) return undefined;
  const step = head[1] ?? head[2];
  const path: (string | number)[] = [];
  let rest = expression.slice(head[0].length);
  while (rest.trim() !== '') {
    const found = part.exec(rest);
    if (!found) return undefined;
    const quoted = found[2] ?? found[3];
    path.push(found[1] ?? (quoted === undefined ? Number(found[4]) : unescaped(quoted)));
    rest = rest.slice(found[0].length);
  }
  const which = head[3] === 'first()' ? 'first' : head[3] === 'last()' ? 'last' : 'item';
  return { step: step === undefined ? undefined : unescaped(step), which, path };
}

/** The expression, without braces. */
export function printReference({ step, which, path }: Reference): string {
  const from = step === undefined ? '$json' : `$('${escaped(step)}').${which === 'item' ? 'item' : `${which}()`}`;
  return from + path.map(printPart).join('');
}

function printPart(name: string | number): string {
  if (typeof name === 'number') return `[${name}]`;
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `.${name}` : `['${escaped(name)}']`;
}

/** "email", "address › city", "tags › #1" */
export function pathWords(path: Reference['path']): string {
  if (path.length === 0) return 'whole record';
  return path.map((name) => (typeof name === 'number' ? `#${name + 1}` : name)).join(' › ');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n');
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
