import { NodeError } from '../../sdk/index.ts';

export const encodings = ['utf-8', 'utf-16le', 'windows-1252', 'iso-8859-1'] as const;
export type Encoding = (typeof encodings)[number];

/**
 * Bytes as text, chunk by chunk; a byte order mark is left out, and one of UTF-16 is believed (Excel's "Unicode text"). Bytes that
 * the encoding does not have are an error, not a "?".
 */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  try {
    for await (const chunk of bytes) {
      decoder ??= new TextDecoder(markOf(chunk) ?? encoding, { fatal: true });
      const text = decoder.decode(chunk, { stream: true });
      if (text !== '') yield text;
    }
    const rest = decoder?.decode() ?? '';
    if (rest !== '') yield rest;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new NodeError({
      class: 'config',
      code: 'file-encoding',
      message: `The file is not written in ${encoding}.`,
      remedy: 'Choose another encoding; files from Windows and Excel are often windows-1252.',
      field: 'Encoding',
      cause: error,
    });
  }
}

function markOf([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** Lines without their ends, whatever these are. The last one may lack its end. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest;
}
