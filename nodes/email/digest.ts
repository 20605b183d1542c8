import type { DataRecord } from '../../sdk/index.ts';

/** What a digest shows: the first records of how many, and which of their columns. */
export interface Digest {
  readonly records: readonly DataRecord[];
  readonly count: number;
  readonly columns: readonly string[];
}

/** Columns for a digest where none are chosen: those of the first records that hold plain values. */
export function plainColumns(records: readonly DataRecord[], most = 8): string[] {
  const names = new Set(records.slice(0, 20).flatMap((record) => Object.keys(record)));
  return [...names].filter((name) => records.some((record) => isPlain(record[name]))).slice(0, most);
}

function isPlain(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'object';
}

const CELL = 'border:1px solid #d0d7de;padding:4px 10px;text-align:left;vertical-align:top';

/** The table for the HTML part; every value is escaped. */
export function htmlTable(digest: Digest): string {
  const row = (tag: 'th' | 'td', cells: readonly string[]) =>
    `<tr>${cells.map((text) => `<${tag} style="${CELL}">${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  const body = digest.records.map((record) => row('td', cells(record, digest.columns))).join('');
  return `<table style="border-collapse:collapse;font:14px sans-serif"><thead>${row('th', digest.columns)}</thead><tbody>${body}</tbody></table><p>${countLine(digest)}</p>`;
}

/** The same for the text part: a line a record, its columns by name. */
export function textTable(digest: Digest): string {
  const lines = digest.records.map((record) =>
    cells(record, digest.columns)
      .map((text, i) => `${digest.columns[i]}: ${text}`)
      .join(', '),
  );
  return [...lines, countLine(digest)].join('\n');
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function countLine({ count, records }: Digest): string {
  const total = count.toLocaleString('en-US');
  const more = count - records.length;
  if (more > 0) return `and ${more.toLocaleString('en-US')} more, ${total} in all`;
  return `${total} ${count === 1 ? 'record' : 'records'}`;
}

function cells(record: DataRecord, columns: readonly string[]): string[] {
  return columns.map((column) => {
    const value = column in record ? record[column] : column.split('.').reduce(step, record);
    if (value === null || value === undefined) return '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  });
}

/** A path such as `_rejected.message` reaches into a value. */
function step(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as DataRecord)[name] : undefined;
}
