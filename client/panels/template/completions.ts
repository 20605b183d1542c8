import type { CompletionContext, CompletionResult, Completion as Offer } from '@codemirror/autocomplete';
import {
  type Completion,
  memberCompletions,
  namespaceCompletions,
  startCompletions,
  stepCompletions,
} from '../../../spec/expression/index.ts';
import type { Column } from '../data/step-data.ts';
import { printReference } from './reference.ts';
import { holesOf } from './template-text.ts';

const valueMembers = uniqueByLabel([
  ...memberCompletions.text,
  ...memberCompletions.number,
  ...memberCompletions.list,
  ...memberCompletions.date,
  ...memberCompletions.object,
]);

/** Completion inside expressions: columns of earlier steps, functions, and what follows a dot. */
export function completeExpressions(mode: 'text' | 'formula', columns: () => readonly Column[]) {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    if (mode === 'text' && !insideHole(text, context.pos)) return null;
    const before = context.matchBefore(/[\w$'"().[\] -]*$/)?.text ?? '';
    const word = context.matchBefore(/[\w$]*$/);
    const from = word?.from ?? context.pos;
    const typed = word?.text ?? '';
    const head = before.slice(0, before.length - typed.length);
    if (typed === '' && !head.endsWith('.') && !context.explicit) return null;
    return { from, options: offers(head, columns()), validFor: /^[\w$]*$/ };
  };
}

function offers(head: string, columns: readonly Column[]): Offer[] {
  if (!head.endsWith('.')) {
    return [...columns.map(columnOffer), ...startCompletions.map((entry) => offerOf(entry, 0))];
  }
  if (/\$json\.$/.test(head)) return columns.filter((column) => column.own).map(memberOffer);
  const step = /\$\(\s*['"]([^'"]*)['"]\s*\)\.(?:(?:item|first\(\)|last\(\))\.)?$/.exec(head);
  if (step && head.trimEnd().endsWith(').') && !/(first|last)\(\)\.$/.test(head))
    return stepCompletions.map((entry) => offerOf(entry, 1));
  if (step)
    return columns.filter((column) => column.step.id === step[1] || column.step.name === step[1]).map(memberOffer);
  if (/\$input\.$/.test(head)) return stepCompletions.map((entry) => offerOf(entry, 1));
  const namespace = /\b([A-Z]\w+)\.$/.exec(head)?.[1];
  const members = namespace === undefined ? [] : namespaceCompletions(namespace);
  return (members.length > 0 ? members : valueMembers).map((entry) => offerOf(entry, 0));
}

function columnOffer(column: Column): Offer {
  const expression = printReference({
    step: column.own ? undefined : column.step.id,
    which: 'item',
    path: [column.name],
  });
  return {
    label: column.name,
    displayLabel: `${column.step.name} · ${column.name}`,
    apply: expression,
    type: 'variable',
    boost: column.own ? 3 : 2,
  };
}

function memberOffer(column: Column): Offer {
  return { label: column.name, type: 'property', boost: 3 };
}

function offerOf(entry: Completion, boost: number): Offer {
  const isCall = entry.insert.endsWith('()');
  return {
    label: entry.label,
    detail: entry.detail,
    info: entry.info,
    type: entry.kind,
    boost,
    apply(view, _, from, to) {
      const anchor = from + entry.insert.length - (isCall && entry.detail !== `${entry.label}()` ? 1 : 0);
      view.dispatch({
        changes: { from, to, insert: entry.insert },
        selection: { anchor },
        userEvent: 'input.complete',
      });
    },
  };
}

function insideHole(text: string, at: number): boolean {
  if (holesOf(text).some((hole) => at >= hole.from + 2 && at <= hole.to - 2)) return true;
  const open = text.lastIndexOf('{{', at);
  return open >= 0 && !text.slice(open, at).includes('}}');
}

function uniqueByLabel(entries: readonly Completion[]): Completion[] {
  return [...new Map(entries.map((entry) => [entry.label, entry])).values()];
}
