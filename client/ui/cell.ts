import { type FileValue, isFileValue } from '../../spec/workflow/record.ts';
import { formatBytes } from './format.ts';

export type CellKind = 'missing' | 'text' | 'number' | 'boolean' | 'list' | 'object' | 'reason' | 'file';

export interface Cell {
  readonly kind: CellKind;
  /** One line for the table; long values are cut. */
  readonly text: string;
}

const longest = 300;

/** How a value of a record is shown. Numbers and texts stay exactly as they are, for people compare them with their source. */
export function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return { kind: 'missing', text: 'empty' };
  if (value === '') return { kind: 'missing', text: 'empty text' };
  if (typeof value === 'number') return { kind: 'number', text: String(value) };
  if (typeof value === 'boolean') return { kind: 'boolean', text: value ? 'true' : 'false' };
  if (typeof value === 'string') return { kind: 'text', text: cut(value) };
  if (Array.isArray(value)) return { kind: 'list', text: cut(JSON.stringify(value)) };
  if (isFileValue(value)) return { kind: 'file', text: fileText(value) };
  if (isReason(value)) return { kind: 'reason', text: cut(value.message) };
  return { kind: 'object', text: cut(JSON.stringify(value)) };
}

/** The whole value as text, for the clipboard: what a spreadsheet would take. */
export function copyText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/** Columns of records in the order in which they first appear. */
export function columnsOf(records: Iterable<Readonly<Record<string, unknown>> | undefined>): string[] {
  const names = new Set<string>();
  for (const record of records) if (record) for (const name of Object.keys(record)) names.add(name);
  return [...names];
}

/** Starting width in pixels that fits the name and the longest of some values, within bounds. */
export function columnWidth(name: string, values: readonly unknown[]): number {
  let longestText = name.length + 3;
  for (const value of values) longestText = Math.max(longestText, Math.min(60, cellOf(value).text.length));
  return Math.min(320, Math.max(72, 24 + longestText * 7.4));
}

function cut(text: string): string {
  const line = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return line.replaceAll(/\s*\n\s*/g, ' ⏎ ');
}

/** Why a record was rejected or failed, as steps put it into the record: what it says is shown, the rest is there when it is opened. */
export function isReason(value: object): value is { code: string; message: string; remedy: string } {
  return 'code' in value && 'remedy' in value && 'message' in value && typeof value.message === 'string';
}

function fileText({ $file }: FileValue): string {
  return `${$file.name} (${formatBytes($file.size)})`;
}
