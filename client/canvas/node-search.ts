import type { NodeType } from '../../spec/workflow/node-type.ts';

/** A heading of the palette with its node types. */
export interface NodeGroup {
  readonly name: string;
  readonly types: readonly NodeType[];
}

const categories = [
  ['trigger', 'Triggers'],
  ['flow', 'Flow'],
  ['data', 'Data'],
] as const;

const connectorNames: Readonly<Record<string, string>> = {
  salesforce: 'Salesforce',
  sql: 'Databases',
  slack: 'Slack',
  email: 'Email',
  http: 'Web',
  pagerduty: 'PagerDuty',
  dbt: 'dbt',
  browser: 'Browser',
  file: 'Files',
};

export function connectorName(connector: string): string {
  return connectorNames[connector] ?? `${connector.charAt(0).toUpperCase()}${connector.slice(1).replaceAll('-', ' ')}`;
}

/** Triggers first, then flow and data, then each connector by name. */
export function groupTypes(types: Iterable<NodeType>): NodeGroup[] {
  const groups = new Map<string, NodeType[]>(categories.map(([, name]) => [name, []]));
  const connectors = new Map<string, NodeType[]>();
  for (const type of types) {
    const heading = categories.find(([category]) => category === type.category)?.[1];
    const into = heading === undefined ? connectors : groups;
    const name = heading ?? connectorName(type.connector);
    const list = into.get(name);
    if (list) list.push(type);
    else into.set(name, [type]);
  }
  const sorted = [...connectors].sort(([a], [b]) => a.localeCompare(b));
  return [...groups, ...sorted].filter(([, list]) => list.length > 0).map(([name, list]) => ({ name, types: list }));
}

/**
 * Types that fit the query, best first: every word of it, or where no type does, as many as possible. Matches titles, what people
 * call things, and descriptions.
 */
export function searchTypes(types: Iterable<NodeType>, query: string): NodeType[] {
  const words = normal(query).split(' ').filter(Boolean);
  if (words.length === 0) return [...types];
  const whole = words.join(' ');
  const ranked: { type: NodeType; fits: number; score: number }[] = [];
  for (const type of types) {
    const scores = words.map((word) => wordScore(type, word));
    const fits = scores.filter((score) => score > 0).length;
    if (fits > 0) ranked.push({ type, fits, score: sum(scores) + wordScore(type, whole) });
  }
  const most = Math.max(0, ...ranked.map(({ fits }) => fits));
  return ranked
    .filter(({ fits }) => fits === most)
    .sort((a, b) => b.score - a.score || a.type.title.localeCompare(b.type.title))
    .map(({ type }) => type);
}

function wordScore(type: NodeType, word: string): number {
  const title = normal(type.title);
  if (title === word) return 100;
  if (title.startsWith(word)) return 60;
  if (startsAWord(title, word)) return 40;
  const keywords = type.keywords.map(normal);
  if (keywords.includes(word)) return 35;
  if (keywords.some((keyword) => startsAWord(keyword, word))) return 25;
  if (startsAWord(normal(connectorName(type.connector)), word)) return 20;
  if (startsAWord(normal(type.type), word)) return 15;
  return startsAWord(normal(`${type.description ?? ''} ${type.summary}`), word) ? 5 : 0;
}

function startsAWord(text: string, word: string): boolean {
  return text.startsWith(word) || text.includes(` ${word}`);
}

function normal(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
