import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { type DataRecord, type FileValue, type NodeContext, NodeError } from '../../sdk/index.ts';
import { isFileValue } from '../../spec/workflow/record.ts';
import type { RequestParams } from './request-params.ts';

export interface RequestBody {
  readonly data?: string | Readable;
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes the body anew for each try, for a stream can be sent only once. `extra` goes into a JSON or form body: pagination. */
export async function bodyOf(
  params: RequestParams,
  record: DataRecord | undefined,
  extra: DataRecord,
  ctx: NodeContext,
): Promise<RequestBody> {
  switch (params.body) {
    case 'json':
      return {
        data: JSON.stringify(withExtra(jsonOf(params, record), extra)),
        headers: { 'Content-Type': 'application/json' },
      };
    case 'form':
      return {
        data: formOf({ ...params.form, ...extra }),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      };
    case 'multipart':
      return multipart({ ...params.form, ...extra }, ctx);
    case 'text':
      return {
        data: params.text ?? '',
        headers: { 'Content-Type': params.contentType ?? 'text/plain; charset=utf-8' },
      };
    case 'file': {
      const file = await openFile(params.file, ctx);
      return {
        data: file.content,
        headers: { 'Content-Type': params.contentType ?? file.mime, 'Content-Length': String(file.size) },
      };
    }
    default:
      return { headers: {} };
  }
}

/** Whether the body is the record itself. */
export function sendsRecord(params: { body?: unknown; json?: unknown }): boolean {
  return params.body === 'json' && isEmpty(params.json);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function jsonOf({ json }: RequestParams, record: DataRecord | undefined): unknown {
  if (isEmpty(json)) return record ?? {};
  if (typeof json !== 'string') return json;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function withExtra(value: unknown, extra: DataRecord): unknown {
  if (Object.keys(extra).length === 0) return value;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, ...extra } : extra;
}

/** A list gives the name several times; empty values are left out. */
export function appendValues(target: URLSearchParams, values: DataRecord): void {
  for (const [name, value] of Object.entries(values)) {
    for (const entry of Array.isArray(value) ? value : [value]) {
      if (entry !== undefined && entry !== null) target.append(name, plain(entry));
    }
  }
}

function formOf(values: DataRecord): string {
  const form = new URLSearchParams();
  appendValues(form, values);
  return form.toString();
}

function plain(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

interface OpenedFile {
  readonly content: Readable;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
}

async function openFile(value: unknown, ctx: NodeContext): Promise<OpenedFile> {
  if (isFileValue(value)) return { ...value.$file, content: await ctx.files.open(value as FileValue) };
  const path = typeof value === 'string' ? value : '';
  const found = path === '' ? undefined : await ctx.files.stat(path);
  if (found === undefined) {
    throw new NodeError({
      class: 'bad-data',
      code: 'http-file-missing',
      message: path === '' ? 'There is no file to send.' : `There is no file "${path}" in the file area.`,
      remedy: 'Pick a file of an earlier step, or write a path of the file area.',
      field: 'File',
    });
  }
  return {
    content: await ctx.files.read(path),
    name: basename(path),
    mime: 'application/octet-stream',
    size: found.size,
  };
}

/** multipart/form-data, streamed, with its length told beforehand as many services demand. */
async function multipart(values: DataRecord, ctx: NodeContext): Promise<RequestBody> {
  const boundary = `sluice-${randomUUID()}`;
  const parts: { head: Buffer; size: number; content: Buffer | Readable }[] = [];
  for (const [name, value] of Object.entries(values)) {
    for (const entry of Array.isArray(value) ? value : [value]) {
      if (entry === undefined || entry === null) continue;
      const disposition = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"`;
      if (isFileValue(entry)) {
        const file = await openFile(entry, ctx);
        const head = Buffer.from(
          `${disposition}; filename="${quoted(file.name)}"\r\nContent-Type: ${file.mime}\r\n\r\n`,
        );
        parts.push({ head, size: file.size, content: file.content });
      } else {
        const content = Buffer.from(plain(entry));
        parts.push({ head: Buffer.from(`${disposition}\r\n\r\n`), size: content.length, content });
      }
    }
  }
  const end = Buffer.from(`--${boundary}--\r\n`);
  const length = parts.reduce((sum, { head, size }) => sum + head.length + size + 2, end.length);
  async function* written() {
    for (const { head, content } of parts) {
      yield head;
      if (Buffer.isBuffer(content)) yield content;
      else yield* content;
      yield Buffer.from('\r\n');
    }
    yield end;
  }
  return {
    data: Readable.from(written(), { objectMode: false }),
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}`, 'Content-Length': String(length) },
  };
}

function quoted(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
