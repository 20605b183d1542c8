import type { Workflow } from './document.ts';
import { indexNodeTypes, type NodeTypes } from './node-type-index.ts';
import type { Problem } from './problem.ts';
import { upgradeDocument } from './upgrade.ts';
import { checkConnections, checkInputs } from './validation/connections.ts';
import { readForm } from './validation/form.ts';
import { checkDocumentRules } from './validation/node-rules.ts';
import { checkSettings } from './validation/params.ts';
import { checkReach } from './validation/reach.ts';
import { checkStructure } from './validation/structure.ts';
import { Subject, type ValidationContext } from './validation/subject.ts';

/**
 * Every problem of a document, those of its structure first; none if it can run. The same function serves canvas, CLI, import and server.
 * What is malformed does not hide the rest: the other parts are checked as well. Never throws, and never changes the document. Params of
 * older node versions are to be upgraded before (the sdk does it on the server).
 */
export function validate(document: unknown, nodeTypes: NodeTypes, context: ValidationContext = {}): Problem[] {
  const form = readForm(upgradeDocument(document));
  if (Array.isArray(form)) return form;
  const subject = new Subject(form, indexNodeTypes(nodeTypes), context);
  checkStructure(subject);
  checkConnections(subject);
  checkInputs(subject);
  checkReach(subject);
  checkSettings(subject);
  checkDocumentRules(subject);
  const { problems } = subject;
  if (problems.length < 2) return problems;
  return [...problems.filter(isStructural), ...problems.filter((found) => !isStructural(found))];
}

/** The document in today's format with defaults filled in, or what keeps it from being one; nothing is said of whether it can run. */
export function readWorkflow(value: unknown): { document: Workflow } | { problems: Problem[] } {
  const form = readForm(upgradeDocument(value));
  if (Array.isArray(form)) return { problems: form };
  return form.problems.length > 0 ? { problems: form.problems } : { document: form.document };
}

/** Whether not even a draft may be saved with it. */
export function isStructural(problem: Problem): boolean {
  return problem.stage === 'structure';
}
