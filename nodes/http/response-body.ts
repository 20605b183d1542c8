import type { Readable } from 'node:stream';
import { NodeError } from '../../sdk/index.ts';

/** The whole body as text. @param limit in bytes; a longer body is cut, or refused when `strict`. */
export async function readText(body: Readable, limit: number, strict: boolean): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size <= limit) continue;
    body.destroy();
    if (strict) throw tooLarge(limit);
    break;
  }
  return Buffer.concat(chunks)
    .subarray(0, limit)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

/** The lines of a body that come as they arrive; none may be longer than the limit. */
export async function* readLines(body: Readable, limit: number): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body as AsyncIterable<Buffer>) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > limit) throw tooLarge(limit);
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

function tooLarge(limit: number): NodeError {
  return new NodeError({
    class: 'config',
    code: 'http-response-too-large',
    message: `The answer is larger than ${Math.round(limit / 1_000_000)} MB.`,
    remedy: 'Read it page by page with pagination, take it as a file, or raise "Largest answer".',
    field: 'Largest answer',
  });
}
