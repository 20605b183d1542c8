import { type ColumnCode, columnCodeOf } from './column-code.ts';
import { type Code, type Compilation, emptyFrame, Locals } from './compilation.ts';
import { compileNode } from './compile-expression.ts';
import { evaluate } from './evaluator.ts';
import { ExpressionError, type TemplateProblem } from './expression-error.ts';
import { plainResult } from './leave.ts';
import { joined } from './operators.ts';
import { parseTemplate, type TemplatePart } from './parse.ts';
import { defaultLimits, type Limits } from './run.ts';
import type { Reads, Scope } from './scope.ts';

/** A template made ready for many records. */
export class CompiledTemplate {
  /** What it gives, not yet made plain. */
  readonly code: Code;
  readonly reads: Reads;
  readonly #plain: Code;
  readonly #limits: Limits;
  readonly #parts: readonly TemplatePart[];
  #columnCode: { readonly code: ColumnCode | undefined } | undefined;

  constructor(parts: readonly TemplatePart[], code: Code, reads: Reads, limits: Limits) {
    this.#parts = parts;
    this.code = code;
    this.reads = reads;
    this.#plain = (run, frame) => plainResult(run, code(run, frame));
    this.#limits = limits;
  }

  /** The shortcut for many records at once, made when it is first asked for; undefined where the template has none. */
  get columnCode(): ColumnCode | undefined {
    this.#columnCode ??= { code: columnCodeOf(this.#parts) };
    return this.#columnCode.code;
  }

  /**
   * The template's value as plain data. A lone `={{ x }}` keeps its type (undefined when missing); with other text the
   * values are joined to it. Throws only `ExpressionError`.
   */
  evaluate(scope: Scope): unknown {
    return evaluate(this.#plain, emptyFrame, scope, this.#limits);
  }
}

/** Whether a document value holds expressions: any text beginning with `=`. */
export function isTemplate(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('=');
}

const deepestNode = 300;

/**
 * Compiles a template, its leading `=` included. The result is not cached here; compile once and evaluate per record.
 * Throws the first problem as `ExpressionError`.
 */
export function compileTemplate(source: string, limits: Limits = defaultLimits): CompiledTemplate {
  const { parts, code, reads, problems } = compileParts(source);
  const [first] = problems;
  if (first) throw new ExpressionError(first.code, first.message, first.remedy, first);
  return new CompiledTemplate(parts, code, reads, limits);
}

/** All problems of a template, in the order of their places. Nothing is evaluated. */
export function checkTemplate(source: string): TemplateProblem[] {
  return compileParts(source).problems;
}

function compileParts(source: string): {
  parts: readonly TemplatePart[];
  code: Code;
  reads: Reads;
  problems: TemplateProblem[];
} {
  const { parts, errors } = parseTemplate(source);
  const problems: TemplateProblem[] = errors.map((error) => ({
    code: error.code,
    message: error.message,
    remedy: error.remedy,
    start: error.start ?? 0,
    end: error.end ?? source.length,
  }));
  const c = newCompilation(source, problems);
  const locals = new Locals();
  const code = compileAll(parts, c, locals);
  const { nodes, vars, fields, ...flags } = c.reads;
  return {
    parts,
    code,
    reads: { ...flags, nodes: [...nodes], vars: [...vars], fields: [...fields] },
    problems: problems.sort((a, b) => a.start - b.start),
  };
}

/** One expression alone keeps its type; otherwise texts and values are joined. */
function compileAll(parts: readonly TemplatePart[], c: Compilation, locals: Locals): Code {
  const [first] = parts;
  if (parts.length === 1 && first?.kind === 'expression') return c.code(first.node, locals);
  const texts = [''];
  const codes: Code[] = [];
  for (const part of parts) {
    if (part.kind === 'text') texts[codes.length] += part.text;
    else {
      codes.push(c.code(part.node, locals));
      texts.push('');
    }
  }
  const [before = '', between = '', after = ''] = texts;
  const [one, two] = codes;
  if (codes.length === 1 && one) return (run, frame) => joined(run, before, one(run, frame), between);
  if (codes.length === 2 && one && two) {
    return (run, frame) => joined(run, joined(run, before, one(run, frame), between), two(run, frame), after);
  }
  return (run, frame) => {
    let text = before;
    for (let i = 0; i < codes.length; i++) {
      text = joined(run, text, (codes[i] as Code)(run, frame), texts[i + 1] as string);
    }
    return text;
  };
}

function newCompilation(source: string, problems: TemplateProblem[]): Compilation {
  const c: Compilation = {
    source,
    reads: {
      json: false,
      itemIndex: false,
      now: false,
      input: false,
      item: false,
      wholeRecord: false,
      nodes: new Set(),
      vars: new Set(),
      fields: new Set(),
    },
    nodes: 0,
    depth: 0,
    deepest: 0,
    code(node, locals) {
      c.nodes++;
      c.depth++;
      c.deepest = Math.max(c.deepest, c.depth);
      const code =
        c.depth > deepestNode
          ? c.problem(node, 'too-deep', 'This expression is nested too deeply.', 'Split it into shorter parts.')
          : compileNode(node, c, locals);
      c.depth--;
      return code;
    },
    problem(node, code, message, remedy) {
      problems.push({ code, message, remedy, start: node.start, end: node.end });
      return () => {
        throw new ExpressionError(code, message, remedy, node);
      };
    },
  };
  return c;
}
