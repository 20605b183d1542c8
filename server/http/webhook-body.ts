import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Fault } from '../fault.ts';

/** The whole body, or a Fault when there is more than `limit` bytes of it. */
export function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > limit) {
    req.resume();
    return Promise.reject(tooLarge(limit));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        chunks.length = 0;
        reject(tooLarge(limit));
      } else {
        chunks.push(chunk);
      }
    });
    req.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    // Also where the caller goes away.
    req.on('error', reject);
  });
}

/** The body as a value: JSON and forms are read, other text stays text, anything else is base64. */
export function bodyValue(body: Buffer, headers: IncomingHttpHeaders): unknown {
  if (body.length === 0) return {};
  const [type = ''] = (headers['content-type'] ?? '').toLowerCase().split(';');
  if (type.endsWith('/json') || type.endsWith('+json')) return jsonIn(body);
  if (type === 'application/x-www-form-urlencoded') return fieldsOf(new URLSearchParams(body.toString('utf8')));
  if (type.startsWith('text/') || type.endsWith('/xml') || type.endsWith('+xml')) return body.toString('utf8');
  if (type === '') return guessed(body);
  return body.toString('base64');
}

/** A name that occurs several times gives a list. */
export function fieldsOf(params: URLSearchParams): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name);
    Object.defineProperty(fields, name, {
      value: values.length > 1 ? values : values[0],
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return fields;
}

function guessed(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new Fault({
      kind: 'bad-request',
      code: 'body-not-json',
      message: `The body is not JSON: ${error instanceof Error ? error.message : error}.`,
      remedy: 'Send one JSON value, or another Content-Type.',
    });
  }
}

function tooLarge(limit: number): Fault {
  return new Fault({
    kind: 'too-large',
    code: 'body-too-large',
    message: `The body is larger than the ${limit} bytes that this webhook takes.`,
    remedy: 'Send less at once, or raise "Largest body" in the webhook node.',
  });
}
