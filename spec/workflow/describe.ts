import { isTemplate } from '../expression/template.ts';
import type { Comparison, Condition, Conditions } from './conditions.ts';
import type { WorkflowNode } from './document.ts';
import type { JsonSchema, NodeType } from './node-type.ts';
import { isRecord } from './record.ts';

const longest = 60;

/** What a node does in one line, by its type's summary: "Upsert into accounts, matching on id". Nothing set is shown as "…". */
export function describeNode(type: NodeType, node: Pick<WorkflowNode, 'params'>): string {
  return type.summary.replaceAll(/\{([\w-]+)\}/g, (_, name: string) => {
    const schema = type.params.properties?.[name];
    return describeValue(node.params[name] ?? schema?.default, schema) || '…';
  });
}

/** Conditions in one line: "score > 50 and (country is DE or country is AT)". */
export function describeConditions(conditions: Conditions): string {
  const [list, word] = 'all' in conditions ? [conditions.all, ' and '] : [conditions.any, ' or '];
  return list
    .map((entry) => {
      if ('is' in entry) return describeCondition(entry);
      const inner = describeConditions(entry);
      const count = 'all' in entry ? entry.all.length : entry.any.length;
      return count > 1 && list.length > 1 ? `(${inner})` : inner;
    })
    .filter((text) => text !== '')
    .join(word);
}

const words: Readonly<Record<Comparison, string>> = {
  equals: 'is',
  'not-equals': 'is not',
  'greater-than': '>',
  'greater-or-equal': '≥',
  'less-than': '<',
  'less-or-equal': '≤',
  contains: 'contains',
  'not-contains': 'does not contain',
  'starts-with': 'starts with',
  'ends-with': 'ends with',
  matches: 'matches',
  in: 'is one of',
  'not-in': 'is none of',
  'is-empty': 'is empty',
  'is-not-empty': 'is not empty',
  'is-true': 'is true',
  'is-false': 'is false',
  before: 'is before',
  after: 'is after',
  'is-type': 'is of type',
};

function describeCondition({ left, is, right }: Condition): string {
  const alone = is.startsWith('is-') && is !== 'is-type';
  const sides = [describeValue(left) || '…', words[is] ?? is, alone ? '' : describeValue(right) || '…'];
  return sides.filter((side) => side !== '').join(' ');
}

/** A parameter's value in a few words; empty when it is not set. */
function describeValue(value: unknown, schema?: JsonSchema): string {
  if (value === undefined || value === null || value === '') return '';
  const option = schema?.ui?.options?.find((candidate) => candidate.value === value);
  if (option) return option.label;
  if (isTemplate(value) && schema?.ui?.scope !== 'literal')
    return short(value.slice(1).replaceAll(/\{\{(.*?)\}\}/gs, hole));
  if (Array.isArray(value)) return short(value.map((entry) => describeEntry(entry)).join(', '));
  if (!isRecord(value)) return short(String(value));
  if (isConditions(value)) return short(describeConditions(value));
  return short(Object.keys(value).join(', '));
}

function describeEntry(entry: unknown): string {
  if (!isRecord(entry)) return describeValue(entry);
  const name = entry.name ?? entry.field ?? entry.as ?? entry.left ?? entry.column;
  return typeof name === 'string' ? describeValue(name) : '…';
}

function isConditions(value: Readonly<Record<string, unknown>>): value is Conditions {
  const list = value.all ?? value.any;
  return Array.isArray(list) && Object.keys(value).length === 1 && list.every(isRecord);
}

/** `$json.a.b` as "a.b", `$('Step').item.x` as "x of Step", any other expression as it stands. */
function hole(_: string, expression: string): string {
  const source = expression.trim();
  const own = /^\$json\.([\w$.]+)$/.exec(source);
  if (own) return own[1] ?? source;
  const other = /^\$\((['"])(.*?)\1\)\.(?:item|first\(\)|last\(\))\.([\w$.]+)$/.exec(source);
  return other ? `${other[3]} of ${other[2]}` : source;
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
