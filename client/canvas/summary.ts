import type { WorkflowNode } from '../../spec/workflow/document.ts';
import type { NodeType } from '../../spec/workflow/node-type.ts';
import { isRecord } from '../../spec/workflow/record.ts';
import { planWords, readCron } from '../panels/fields/cron-plan.ts';
import { parseReference, pathWords } from '../panels/template/reference.ts';
import { bodyOf, holesOf, isTemplateText } from '../panels/template/template-text.ts';

/** A stretch of the card's one line: plain words, a parameter's value, or a value that is not set yet. */
export interface SummaryPart {
  readonly kind: 'words' | 'value' | 'unset';
  readonly text: string;
}

/** What the node does, from its type's summary with the parameters filled in. */
export function summaryParts(node: WorkflowNode, type: NodeType | undefined): SummaryPart[] {
  if (!type) return [{ kind: 'words', text: `Unknown kind of step: ${node.type}` }];
  const parts: SummaryPart[] = [];
  for (const piece of type.summary.split(/(\{[\w.-]+\})/)) {
    const name = /^\{(.+)\}$/.exec(piece)?.[1];
    if (name === undefined) {
      if (piece !== '') parts.push({ kind: 'words', text: piece });
      continue;
    }
    const property = type.params.properties?.[name];
    const value = node.params[name] ?? property?.default;
    const label = property?.ui?.options?.find((option) => option.value === value)?.label;
    const text = label ?? (property?.ui?.kind === 'cron' ? cronWords(value) : valueWords(value));
    // Of parameters that can stand for each other, such as a pattern or an interval, those left out say nothing.
    if (text === '' && !type.params.required?.includes(name) && isSet(node, type, name)) continue;
    parts.push(
      text === '' ? { kind: 'unset', text: (property?.ui?.label ?? name).toLowerCase() } : { kind: 'value', text },
    );
  }
  return parts;
}

/** Whether another placeholder of the summary has a value. */
function isSet(node: WorkflowNode, type: NodeType, except: string): boolean {
  return [...type.summary.matchAll(/\{([\w.-]+)\}/g)].some(
    ([, name = '']) => name !== except && node.params[name] !== undefined,
  );
}

function cronWords(value: unknown): string {
  const plan = typeof value === 'string' ? readCron(value) : undefined;
  return plan ? planWords(plan) : valueWords(value);
}

export function summaryText(node: WorkflowNode, type: NodeType | undefined): string {
  return summaryParts(node, type)
    .map((part) => (part.kind === 'unset' ? `(${part.text} not set)` : part.text))
    .join('');
}

/** A parameter's value in a few words; '' when there is none. */
export function valueWords(value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (isTemplateText(value)) return templateWords(value);
  if (typeof value === 'string') return oneLine(value);
  if (Array.isArray(value)) return listWords(value);
  if (!isRecord(value)) return String(value);
  const conditions = value.all ?? value.any;
  if (Array.isArray(conditions)) return conditions.length === 1 ? '1 condition' : `${conditions.length} conditions`;
  const names = Object.keys(value);
  return names.length > 3 ? `${names.length} fields` : names.join(', ');
}

function listWords(list: readonly unknown[]): string {
  const names = list.map((entry) => (isRecord(entry) ? (entry.name ?? entry.field ?? entry.as ?? entry.left) : entry));
  if (names.length <= 3 && names.every((name) => typeof name === 'string' || typeof name === 'number')) {
    return names.map((name) => valueWords(name)).join(', ');
  }
  return `${list.length} ${list.length === 1 ? 'entry' : 'entries'}`;
}

function templateWords(value: string): string {
  const body = bodyOf(value);
  let words = '';
  let at = 0;
  for (const hole of holesOf(body)) {
    const reference = parseReference(hole.expression);
    words += body.slice(at, hole.from) + (reference ? pathWords(reference.path) : hole.expression);
    at = hole.to;
  }
  return oneLine(words + body.slice(at));
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
