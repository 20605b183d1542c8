import { dateProperties, durationProperties } from './access.ts';
import type { FunctionDoc, MethodDoc, MethodType } from './definition.ts';
import { allFunctions, allMethods, namespaces } from './library.ts';

/** All free functions, in the order in which the documentation lists them. */
export const functions: readonly FunctionDoc[] = allFunctions;

/** All methods of values. */
export const methods: readonly MethodDoc[] = allMethods;

export interface VariableDoc {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
}

/** The values that begin with `$`. */
export const variables: readonly VariableDoc[] = [
  { name: '$json', summary: 'The record at hand.', example: '$json.email' },
  {
    name: "$('step')",
    summary: 'What an earlier step gave: .item is the record that this one came from.',
    example: "$('accounts').item.name",
  },
  { name: '$input', summary: 'What comes into this step.', example: '$input.all().length' },
  { name: '$itemIndex', summary: 'The position of the record, from 0.', example: '$itemIndex + 1' },
  { name: '$now', summary: 'This moment, in the time zone of the workflow.', example: "$now.plus(3, 'days')" },
  { name: '$today', summary: 'Today at midnight.', example: "$today.format('dd.MM.yyyy')" },
  { name: '$run', summary: 'The run: its id, its watermark and what started it.', example: '$run.id' },
  { name: '$workflow', summary: 'The workflow: its id and name.', example: '$workflow.name' },
  { name: '$vars', summary: 'The variables of the workspace.', example: '$vars.region' },
  { name: '$index', summary: 'The position of the record that Generate makes, from 0.', example: '$index' },
];

export interface Completion {
  /** What is typed, without brackets. */
  readonly label: string;
  readonly kind: 'variable' | 'function' | 'method' | 'property' | 'namespace';
  /** The signature, where there is one. */
  readonly detail: string;
  readonly info: string;
  /** What is put in: functions with their opening bracket closed, the cursor belongs between. */
  readonly insert: string;
}

/** What an editor offers where a new value begins. */
export const startCompletions: readonly Completion[] = [
  ...variables.map(({ name, summary, example }): Completion => {
    const insert = name === "$('step')" ? "$('')" : name;
    return { label: name === "$('step')" ? '$' : name, kind: 'variable', detail: example, info: summary, insert };
  }),
  ...functions.map((doc) => completionOf(doc, 'function')),
  ...[...namespaces]
    .filter(([, members]) => !members.has('()') || members.size > 1)
    .map(([name, members]): Completion => {
      const detail = [...members.keys()].filter((member) => member !== '()').join(', ');
      return { label: name, kind: 'namespace', detail, info: 'As in JavaScript.', insert: `${name}.` };
    }),
];

/** What an editor offers after a dot behind a value of a type. */
export const memberCompletions: Readonly<Record<MethodType, readonly Completion[]>> = {
  text: [property('length', 'How many characters it has.'), ...methodsOf('text')],
  list: [property('length', 'How many entries it has.'), ...methodsOf('list')],
  number: methodsOf('number'),
  boolean: methodsOf('boolean'),
  object: methodsOf('object'),
  date: [...Object.keys(dateProperties).map((name) => property(name, 'A part of the date.')), ...methodsOf('date')],
  duration: [
    ...Object.keys(durationProperties).map((name) => property(name, 'A part of the duration.')),
    ...methodsOf('duration'),
  ],
  pattern: [property('source', 'The pattern as text.'), property('flags', 'Its flags.'), ...methodsOf('pattern')],
  missing: methodsOf('missing'),
};

/** What an editor offers after `$('step').` and `$input.`. */
export const stepCompletions: readonly Completion[] = [
  property('item', 'The record that the present one came from.'),
  step('first', 'The first record.'),
  step('last', 'The last record.'),
  step('all', 'All records as a list.'),
];

/** What an editor offers after `Math.` and its kin. */
export function namespaceCompletions(name: string): readonly Completion[] {
  const members = [...(namespaces.get(name) ?? [])].filter(([member]) => member !== '()');
  return members.map(([, doc]) => completionOf(doc, 'function'));
}

function methodsOf(type: MethodType): Completion[] {
  return methods.filter((doc) => doc.type === type).map((doc) => completionOf(doc, 'method'));
}

function completionOf(doc: FunctionDoc, kind: 'function' | 'method'): Completion {
  return { label: doc.name, kind, detail: doc.signature, info: doc.summary, insert: `${doc.name}()` };
}

function property(name: string, info: string): Completion {
  return { label: name, kind: 'property', detail: '', info, insert: name };
}

function step(name: string, info: string): Completion {
  return { label: name, kind: 'method', detail: `${name}()`, info, insert: `${name}()` };
}
