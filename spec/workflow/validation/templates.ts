import { ExpressionError, type TemplateProblem } from '../../expression/expression-error.ts';
import type { Reads } from '../../expression/scope.ts';
import { closest } from '../../expression/suggest.ts';
import { checkTemplate, compileTemplate } from '../../expression/template.ts';
import type { FieldUi } from '../node-type.ts';
import { stepCalled, tablesIn } from '../sql-tables.ts';
import type { Place } from './place.ts';
import type { Subject } from './subject.ts';
import { Upstream } from './upstream.ts';

interface TemplateFacts {
  readonly problems: readonly TemplateProblem[];
  readonly reads: Reads | undefined;
}

/** Checks templates of one document: that they can be read, and that what they read is there when they are worked out. */
export class TemplateChecks {
  readonly #subject: Subject;
  #upstream: Upstream | undefined;
  #byName: Map<string, number[]> | undefined;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  check(source: string, place: Place, scope: NonNullable<FieldUi['scope']>): void {
    const { problems, reads } = factsOf(source);
    for (const found of problems) {
      this.#subject.report('bad-expression', {
        message: `The expression in ${place.words()} cannot be used: ${found.message}`,
        remedy: found.remedy,
        ...place.where(),
      });
    }
    if (reads === undefined || place.node === undefined) return;
    if (reads.json || reads.itemIndex) this.#checkRecord(place, place.node, scope, reads);
    for (const name of reads.nodes) this.#checkNode(place, place.node, name);
  }

  /** Checks SQL over earlier steps: that each of its tables is one of them. */
  checkSql(sql: string, place: Place, node: number): void {
    const { nodes } = this.#subject.document;
    for (const table of tablesIn(sql)) {
      const target = stepCalled(table, nodes);
      if (target === undefined) {
        const remedy = 'Write the name of an earlier step in "quotes", or its id.';
        this.#reportUnknown('The SQL', table, place, remedy);
      } else this.#checkComesBefore('The SQL', place, node, target);
    }
  }

  #checkRecord(place: Place, node: number, scope: NonNullable<FieldUi['scope']>, reads: Reads): void {
    const read = reads.json ? '$json' : '$itemIndex';
    if (this.#subject.typeOf(node)?.kind === 'trigger') {
      this.#subject.report('step-scope-reads-record', {
        message: `The expression in ${place.words()} reads ${read}, but a trigger comes before any record.`,
        remedy: 'Use a fixed value or a variable ($vars).',
        ...place.where(),
      });
    } else if (scope === 'step') {
      this.#subject.report('step-scope-reads-record', {
        message: `The expression in ${place.words()} reads ${read}, but this setting is worked out once for all records.`,
        remedy:
          "Use a fixed value, a variable ($vars), or a value of an earlier node, such as $('Node').first().column.",
        ...place.where(),
      });
    }
  }

  #checkNode(place: Place, node: number, name: string): void {
    const target = this.#subject.graph.positions.get(name) ?? this.#named(name, place);
    if (target !== undefined) this.#checkComesBefore('The expression', place, node, target);
  }

  #checkComesBefore(reader: string, place: Place, node: number, target: number): void {
    const { document, graph } = this.#subject;
    this.#upstream ??= new Upstream(document, graph);
    if (this.#upstream.has(node, target)) return;
    const other = document.nodes[target];
    if (other === undefined) return;
    const { parent } = other;
    const inside = parent !== undefined && parent !== document.nodes[node]?.parent && graph.positions.has(parent);
    const isOwnContainer = document.nodes[node]?.parent === other.id;
    this.#subject.report('expression-reads-non-upstream', {
      message: `${reader} in ${place.words()} reads ${
        target === node
          ? 'the output of this very node, which is not there yet'
          : isOwnContainer
            ? `"${other.name}", the container it stands in, which has not finished yet`
            : inside
              ? `"${other.name}", which stands inside ${this.#subject.name(parent)}`
              : `"${other.name}", which does not come before it`
      }.`,
      remedy:
        target === node || isOwnContainer
          ? 'Read what comes in with $json, or an earlier node.'
          : inside
            ? `Read ${this.#subject.name(parent)} itself, after it has finished.`
            : 'Read an earlier node, or draw edges so that the other one comes first.',
      ...place.where(),
      nodeIds: [...new Set([...place.where().nodeIds, other.id])],
    });
  }

  /** Position of the one node of this name; reports when there is none, or several. */
  #named(name: string, place: Place): number | undefined {
    const { nodes } = this.#subject.document;
    this.#byName ??= byName(nodes);
    const found = this.#byName.get(name);
    if (found !== undefined && found.length === 1) return found[0];
    if (found !== undefined) {
      this.#subject.report('ambiguous-node-name', {
        message: `The expression in ${place.words()} reads "${name}", but ${found.length} nodes have that name.`,
        remedy: 'Rename one of them, or choose the column again from the list of earlier nodes.',
        ...place.where(),
      });
      return undefined;
    }
    const remedy = 'Choose the column again from the list of earlier nodes.';
    this.#reportUnknown('The expression', name, place, remedy);
    return undefined;
  }

  #reportUnknown(reader: string, name: string, place: Place, remedy: string): void {
    const { nodes } = this.#subject.document;
    const nearest = closest(
      name,
      nodes.flatMap((node) => [node.name, node.id]),
    );
    this.#subject.report('expression-reads-unknown-node', {
      message: `${reader} in ${place.words()} reads "${name}", and there is no node of that name.`,
      remedy: nearest === undefined ? remedy : `Did you mean "${nearest}"?`,
      ...place.where(),
    });
  }
}

function byName(nodes: Subject['document']['nodes']): Map<string, number[]> {
  const map = new Map<string, number[]>();
  nodes.forEach((node, i) => {
    const same = map.get(node.name);
    if (same === undefined) map.set(node.name, [i]);
    else same.push(i);
  });
  return map;
}

const recent = new Map<string, TemplateFacts>();
const kept = 10_000;
const longestKept = 2_000;

/** Facts of a template, remembered: between two validations hardly any has changed. */
function factsOf(source: string): TemplateFacts {
  const known = recent.get(source);
  if (known) return known;
  const facts = read(source);
  if (source.length > longestKept) return facts;
  if (recent.size >= kept) {
    for (const oldest of recent.keys()) {
      recent.delete(oldest);
      break;
    }
  }
  recent.set(source, facts);
  return facts;
}

function read(source: string): TemplateFacts {
  try {
    return { problems: [], reads: compileTemplate(source).reads };
  } catch (error) {
    if (error instanceof ExpressionError) return { problems: checkTemplate(source), reads: undefined };
    throw error;
  }
}
