/** The first place where a text breaks the rules of JSON, in plain words; the same in every browser. `offset` counts UTF-16 units. */
export interface JsonFault {
  readonly message: string;
  readonly remedy: string;
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Also finds a name given twice in one object, of which `JSON.parse` would silently keep the last. Undefined when there is no fault. */
export function findJsonFault(text: string): JsonFault | undefined {
  try {
    new Reader(text).document();
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const before = text.slice(0, error.offset);
    const lastBreak = before.lastIndexOf('\n');
    const conflict = /^(<{7}|={7}|>{7})/.test(text.slice(lastBreak + 1));
    return {
      message: conflict ? 'the marks of an unfinished Git merge' : error.message,
      remedy: conflict
        ? 'Decide which of the two versions is to stay, and remove the lines with <<<<<<<, ======= and >>>>>>>.'
        : error.remedy,
      offset: error.offset,
      line: before.split('\n').length,
      column: error.offset - lastBreak,
    };
  }
}

class Fault extends Error {
  readonly offset: number;
  readonly remedy: string;

  constructor(offset: number, message: string, remedy: string) {
    super(message);
    this.offset = offset;
    this.remedy = remedy;
  }
}

interface Open {
  readonly isObject: boolean;
  readonly start: number;
  readonly names: Set<string>;
}

const literal = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null/y;
const word = /[^\s,:[\]{}"]+/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  /** Keeps what is open in a list of its own, so that no depth can overflow the stack. */
  document(): void {
    const open: Open[] = [];
    this.#space();
    if (this.#at >= this.#text.length) throw this.#fault('the file is empty', 'Choose another file.');
    for (;;) {
      this.#value(open);
      for (;;) {
        const inner = open.at(-1);
        this.#space();
        if (inner === undefined) {
          if (this.#at < this.#text.length) throw this.#fault('there is more text after the end', 'Remove it.');
          return;
        }
        const next = this.#text[this.#at];
        const closing = inner.isObject ? '}' : ']';
        if (next === closing) {
          this.#at++;
          open.pop();
          continue;
        }
        if (next !== ',') throw this.#unclosed(inner, closing);
        this.#at++;
        this.#space();
        if (this.#text[this.#at] === closing) {
          throw this.#fault(`a comma before the closing ${closing}`, 'Remove the comma.');
        }
        if (inner.isObject) this.#name(inner);
        break;
      }
    }
  }

  /** Reads a value; where it opens a list or an object that is not empty, up to its first value. */
  #value(open: Open[]): void {
    for (;;) {
      this.#space();
      const next = this.#text[this.#at];
      if (next !== '{' && next !== '[') {
        this.#scalar();
        return;
      }
      const inner: Open = { isObject: next === '{', start: this.#at, names: new Set() };
      this.#at++;
      this.#space();
      if (this.#text[this.#at] === (inner.isObject ? '}' : ']')) {
        this.#at++;
        return;
      }
      open.push(inner);
      if (inner.isObject) this.#name(inner);
    }
  }

  #name(inner: Open): void {
    const start = this.#at;
    if (this.#text[this.#at] !== '"') {
      throw this.#atEnd()
        ? this.#unclosed(inner, '}')
        : this.#fault('a name in double quotes was expected here', 'Write "name": value.');
    }
    const quoted = this.#quoted();
    const name = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
    if (inner.names.has(name)) {
      this.#at = start;
      throw this.#fault(`the name "${name}" is there twice in the same object`, 'Remove one of the two.');
    }
    inner.names.add(name);
    this.#space();
    if (this.#text[this.#at] !== ':') throw this.#fault('a colon is missing after the name', 'Write "name": value.');
    this.#at++;
  }

  #scalar(): void {
    const next = this.#text[this.#at];
    if (next === '"') {
      this.#quoted();
      return;
    }
    if (this.#atEnd())
      throw this.#fault('the text stops before its end', 'Part of the file is missing; take a whole copy.');
    literal.lastIndex = this.#at;
    const found = literal.exec(this.#text)?.[0];
    word.lastIndex = this.#at;
    const whole = word.exec(this.#text)?.[0];
    if (found !== undefined && found === whole) {
      this.#at += found.length;
      return;
    }
    if (next === "'") throw this.#fault('text in single quotes', 'Use double quotes.');
    if (whole?.startsWith('//') || whole?.startsWith('/*')) {
      throw this.#fault('a comment, which JSON does not have', 'Remove it; a node can have notes.');
    }
    if (next === ',' || next === ']' || next === '}' || next === ':') {
      throw this.#fault(`a value is missing before ${next}`, 'Write a value, or remove the comma before it.');
    }
    throw this.#fault(
      `${(whole ?? next ?? '').slice(0, 30)} is not a value`,
      'Put text in double quotes; without quotes there are only numbers, true, false and null.',
    );
  }

  /** A text with its quotes. */
  #quoted(): string {
    const start = this.#at;
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const unit = this.#text[this.#at];
      if (unit === '"') {
        this.#at++;
        return this.#text.slice(start, this.#at);
      }
      if (unit === '\n') break;
      if (unit === '\\') this.#escape();
      else if ((unit ?? ' ') < ' ') {
        throw this.#fault(
          'a control character inside a text',
          'Write it as \\t, or as \\u and four hexadecimal digits.',
        );
      }
    }
    this.#at = start;
    throw this.#fault('a text is not closed on its line', 'Add the missing ", and write line breaks as \\n.');
  }

  #escape(): void {
    const rest = this.#text.slice(this.#at, this.#at + 6);
    if (/^\\u[0-9a-fA-F]{4}$/.test(rest)) this.#at += 5;
    else if (/^\\["\\/bfnrt]/.test(rest)) this.#at += 1;
    else throw this.#fault(`${rest.slice(0, 2)} has no meaning in a text`, 'Write \\\\ for the character \\ itself.');
  }

  #unclosed(inner: Open, closing: string): Fault {
    if (this.#atEnd()) {
      const line = this.#text.slice(0, inner.start).split('\n').length;
      return this.#fault(
        `the text stops before its end: the ${inner.isObject ? '{' : '['} of line ${line} is not closed`,
        'Part of the file is missing; take a whole copy.',
      );
    }
    return this.#fault(
      `a comma or ${closing} was expected here`,
      'Look for a missing comma, quote or bracket just before this place.',
    );
  }

  #fault(message: string, remedy: string): Fault {
    return new Fault(this.#at, message, remedy);
  }

  #atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #space(): void {
    for (;;) {
      const unit = this.#text[this.#at];
      if (unit !== ' ' && unit !== '\n' && unit !== '\r' && unit !== '\t') return;
      this.#at++;
    }
  }
}
