import type { DataRecord } from '../../sdk/index.ts';

/** What a digest shows: the first records of how many, and which of their columns. */
export interface Digest {
  readonly records: readonly DataRecord[];
  readonly count: number;
  readonly columns: readonly string[];
}

export interface SlackBlock {
  readonly type: 'section' | 'context';
  readonly text?: { readonly type: 'mrkdwn'; readonly text: string };
  readonly elements?: readonly { readonly type: 'mrkdwn'; readonly text: string }[];
}

/** Slack's limits: characters of a section, blocks and characters of a message. */
const MAX_SECTION = 3_000;
const MAX_BLOCKS = 50;
const MAX_TEXT = 40_000;
/** Widest column, but for the last one, which takes the rest of the line. */
const MAX_CELL = 40;
/** Longest line of a table that a message shows without folding it. */
const MAX_LINE = 140;

/** Columns for a digest where none are chosen: those of the first records that hold plain values. */
export function plainColumns(records: readonly DataRecord[], most = 6): string[] {
  const names = new Set(records.slice(0, 20).flatMap((record) => Object.keys(record)));
  return [...names].filter((name) => records.some((record) => isPlain(record[name]))).slice(0, most);
}

function isPlain(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'object';
}

/** One message: the heading, the records as a table in fixed width, and how many more there are. */
export function digestMessage(heading: string, digest: Digest): { text: string; blocks: SlackBlock[] } {
  const head = clip(heading.trim(), MAX_SECTION);
  const { sections, shown } = tableSections(digest);
  const more = moreLine(digest.count, shown);
  const blocks: SlackBlock[] = [...(head === '' ? [] : [head]), ...sections].map(section);
  if (more !== '') blocks.push({ type: 'context', elements: [{ type: 'mrkdwn', text: more }] });
  return { text: clip([head, ...sections, more].filter((part) => part !== '').join('\n'), MAX_TEXT), blocks };
}

function section(text: string): SlackBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

function moreLine(count: number, shown: number): string {
  const total = count.toLocaleString('en-US');
  if (count > shown) return `and ${(count - shown).toLocaleString('en-US')} more, ${total} in all`;
  return `${total} ${count === 1 ? 'record' : 'records'}`;
}

/** The table in as many code blocks as Slack's limits ask for; each repeats the header. */
function tableSections({ records, columns }: Digest): { sections: string[]; shown: number } {
  const last = columns.length - 1;
  const rows = records.map((record) =>
    columns.map((column, i) => cell(record, column, i === last ? MAX_LINE : MAX_CELL)),
  );
  const names = columns.map((column) => column.replace(/^_rejected\./, ''));
  const widths = names.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const numeric = columns.map((column) => records.every((record) => isNumber(valueAt(record, column))));
  const line = (cells: readonly string[]) => {
    const padded = cells.map((text, i) => (numeric[i] ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)));
    return escaped(clip(padded.join('  ').trimEnd(), MAX_LINE));
  };
  const header = [line(names), line(widths.map((width) => '-'.repeat(width)))];
  const sections: string[] = [];
  let lines = [...header];
  let shown = 0;
  for (const row of rows) {
    const next = line(row);
    if (fenced([...lines, next]).length > MAX_SECTION) {
      // The heading and the line that counts the rest need a block each.
      if (sections.length === MAX_BLOCKS - 3) break;
      sections.push(fenced(lines));
      lines = [...header];
    }
    lines.push(next);
    shown++;
  }
  if (lines.length > header.length) sections.push(fenced(lines));
  return { sections, shown };
}

function fenced(lines: readonly string[]): string {
  return `\`\`\`\n${lines.join('\n')}\n\`\`\``;
}

/** A value on one line. */
function cell(record: DataRecord, column: string, most: number): string {
  const value = valueAt(record, column);
  const text =
    value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return clip(text.replace(/\s+/g, ' ').replaceAll('`', 'ˋ'), most);
}

/** A path such as `_rejected.message` reaches into a value. */
function valueAt(record: DataRecord, column: string): unknown {
  return column in record ? record[column] : column.split('.').reduce(step, record);
}

function isNumber(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'number' || typeof value === 'bigint';
}

function step(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as DataRecord)[name] : undefined;
}

/** Slack reads these three as its own marks, also between fences. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
