import { routes } from '../../spec/api/routes.ts';
import type { Workflow } from '../../spec/workflow/document.ts';
import { parseWorkflow } from '../../spec/workflow/print.ts';
import type { Problem } from '../../spec/workflow/problem.ts';
import { isRecord } from '../../spec/workflow/record.ts';
import { call } from '../api/call.ts';
import { ProblemError } from '../api/problem-error.ts';

/** How the import of one file ended. */
export type Imported =
  | { readonly kind: 'made'; readonly file: string; readonly id: string; readonly notes: readonly string[] }
  /** A workflow of this id is there: it can be replaced, or both kept. */
  | { readonly kind: 'taken'; readonly file: string; readonly document: Workflow }
  | {
      readonly kind: 'refused';
      readonly file: string;
      readonly error: ProblemError;
      /** Names of its steps by id, to say problems in the words of the file. */
      readonly names: ReadonlyMap<string, string>;
    };

export async function importFile(file: File, taken: ReadonlySet<string>): Promise<Imported> {
  const text = await file.text();
  const read = parseWorkflow(text);
  const names = namesIn(text);
  if ('problems' in read) return { kind: 'refused', file: file.name, error: refusal(read.problems), names };
  if (taken.has(read.document.id)) return { kind: 'taken', file: file.name, document: read.document };
  return importDocument(file.name, read.document);
}

export async function importDocument(file: string, document: Workflow, replace = false): Promise<Imported> {
  try {
    const { id, notes } = await call(routes.importWorkflow, { body: { ...document }, query: { replace } });
    return { kind: 'made', file, id, notes: notes.map(({ message }) => message) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { kind: 'refused', file, error, names: new Map(document.nodes.map(({ id, name }) => [id, name])) };
  }
}

function refusal(problems: readonly Problem[]): ProblemError {
  const [first] = problems;
  return new ProblemError({
    status: 422,
    code: first?.code ?? 'not-a-workflow',
    message: first?.message ?? 'The file is not a workflow.',
    problems,
  });
}

/** Also of a file that cannot be read as a workflow. */
function namesIn(text: string): Map<string, string> {
  const names = new Map<string, string>();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return names;
  }
  const nodes = isRecord(value) && Array.isArray(value.nodes) ? value.nodes : [];
  for (const node of nodes) {
    if (isRecord(node) && typeof node.id === 'string' && typeof node.name === 'string') names.set(node.id, node.name);
  }
  return names;
}
