import { type Code, type Compilation, emptyFrame, Locals } from './compilation.ts';
import { compileNode } from './compile-expression.ts';
import { ExpressionError, type TemplateProblem } from './expression-error.ts';
import { toPlain, toText } from './leave.ts';
import { join } from './operators.ts';
import { parseTemplate } from './parse.ts';
import { defaultLimits, type Limits, Run } from './run.ts';
import type { Reads, Scope } from './scope.ts';

export interface CompiledTemplate {
  /**
   * The template's value as plain data. A lone `={{ x }}` keeps its type (undefined when missing); with other text the
   * values are joined to it. Throws only `ExpressionError`.
   */
  evaluate(scope: Scope): unknown;
  readonly reads: Reads;
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
  const { code, reads, problems } = compileParts(source);
  const [first] = problems;
  if (first) throw new ExpressionError(first.code, first.message, first.remedy, first);
  return new Template(code, reads, limits);
}

/** All problems of a template, in the order of their places. Nothing is evaluated. */
export function checkTemplate(source: string): TemplateProblem[] {
  return compileParts(source).problems;
}

class Template implements CompiledTemplate {
  readonly reads: Reads;
  readonly #code: Code;
  readonly #limits: Limits;
  /** Kept from record to record; taken away while in use, so that evaluating may nest. */
  #idle: Run | undefined;

  constructor(code: Code, reads: Reads, limits: Limits) {
    this.#code = code;
    this.reads = reads;
    this.#limits = limits;
  }

  evaluate(scope: Scope): unknown {
    const run = this.#idle ?? new Run(scope, this.#limits);
    this.#idle = undefined;
    run.restart(scope);
    try {
      const value = this.#code(run, emptyFrame);
      return typeof value === 'string' ? value : toPlain(run, value);
    } catch (error) {
      throw asExpressionError(error);
    } finally {
      this.#idle = run;
    }
  }
}

/** The stack may still overflow where the caller has used most of it; that too is this expression's failure. */
function asExpressionError(error: unknown): unknown {
  if (error instanceof RangeError && /call stack|recursion/i.test(error.message)) {
    return new ExpressionError('too-deep', 'This expression is nested too deeply.', 'Split it into shorter parts.');
  }
  return error;
}

function compileParts(source: string): { code: Code; reads: Reads; problems: TemplateProblem[] } {
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
  const codes = parts.map((part) => (part.kind === 'text' ? () => part.text : c.code(part.node, locals)));
  const [only] = codes;
  const lone = codes.length === 1 && only !== undefined;
  const { nodes, vars, fields, ...flags } = c.reads;
  return {
    code: lone ? only : joined(codes),
    reads: { ...flags, nodes: [...nodes], vars: [...vars], fields: [...fields] },
    problems: problems.sort((a, b) => a.start - b.start),
  };
}

function joined(codes: readonly Code[]): Code {
  return (run, frame) => {
    let text = '';
    for (let i = 0; i < codes.length; i++) {
      const value = (codes[i] as Code)(run, frame);
      text = join(run, text, typeof value === 'string' ? value : toText(run, value));
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
