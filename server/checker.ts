import type { NodeDefinition, TriggerDefinition } from '../sdk/index.ts';
import { upgradeParams } from '../sdk/upgrade.ts';
import type { Workflow } from '../spec/workflow/document.ts';
import type { NodeType } from '../spec/workflow/node-type.ts';
import type { Problem } from '../spec/workflow/problem.ts';
import { isStructural, readWorkflow, validate } from '../spec/workflow/validate.ts';
import { Fault } from './fault.ts';

export interface CheckerOptions {
  /** The same list every time. */
  readonly nodeTypes: () => readonly NodeType[];
  readonly definition: (type: string) => NodeDefinition | TriggerDefinition | undefined;
  /** `undefined`: not known, so that what names one is not checked. */
  readonly credentials: () => readonly { readonly id: string; readonly type: string }[] | undefined;
  readonly workflows: () => Promise<readonly string[] | undefined>;
}

/** `validate()` with what this server knows: node types, credentials, other workflows. Nothing is saved, published or run without it. */
export class Checker {
  private readonly options: CheckerOptions;

  constructor(options: CheckerOptions) {
    this.options = options;
  }

  async problems(document: unknown): Promise<Problem[]> {
    const { nodeTypes, credentials, workflows } = this.options;
    const read = readWorkflow(document);
    const today = 'document' in read ? this.upgraded(read.document) : document;
    const [accounts, others] = [credentials(), await workflows()];
    return validate(today, nodeTypes(), {
      ...(accounts ? { credentials: accounts } : {}),
      ...(others ? { workflows: others } : {}),
    });
  }

  /** The document, if it can run; else every problem of it as a refusal. */
  async runnable(document: unknown): Promise<Workflow> {
    return this.accepted(document, () => true);
  }

  /** The document and what is unfinished about it, if its structure is sound. */
  async sound(document: unknown): Promise<{ document: Workflow; problems: Problem[] }> {
    const problems = await this.problems(document);
    return { document: await this.accepted(document, isStructural, problems), problems };
  }

  private async accepted(
    document: unknown,
    refuses: (problem: Problem) => boolean,
    known?: Problem[],
  ): Promise<Workflow> {
    const problems = known ?? (await this.problems(document));
    const read = readWorkflow(document);
    if ('document' in read && !problems.some(refuses)) return read.document;
    throw notValid(problems.length > 0 || 'document' in read ? problems : read.problems);
  }

  /** Parameters of older node versions as today's, which is what is checked and run; the document itself stays as it is. */
  private upgraded(document: Workflow): Workflow {
    const nodes = document.nodes.map((node) => {
      const definition = this.options.definition(node.type);
      if (!definition || node.version >= definition.version) return node;
      return { ...node, version: definition.version, params: upgradeParams(definition, node.params, node.version) };
    });
    return { ...document, nodes };
  }
}

export function notValid(problems: readonly Problem[]): Fault {
  const [first] = problems;
  const more = problems.length > 1 ? ` There are ${problems.length} problems in all.` : '';
  return new Fault({
    kind: 'invalid',
    code: 'not-valid',
    message: `The workflow cannot be taken as it is. ${first?.message ?? ''}${more}`,
    remedy: first?.remedy ?? 'Correct it and try again.',
    problems,
  });
}
