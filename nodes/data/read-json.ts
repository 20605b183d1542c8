import { type DataRecord, NodeError, parseExactJson } from '../../sdk/index.ts';
import { linesOf } from './decode-text.ts';
import { asRecord, BadRow, type FileRow } from './file-rows.ts';

/** One record a line; a line that is no JSON is a bad row, an empty one is passed over. */
export async function* readNdjson(chunks: AsyncIterable<string>): AsyncGenerator<FileRow> {
  let number = 0;
  for await (const line of linesOf(chunks)) {
    number++;
    if (line.trim() !== '') yield parsedLine(line, number);
  }
}

function parsedLine(line: string, number: number): FileRow {
  try {
    return asRecord(parseExactJson(line));
  } catch {
    return new BadRow(number, line, 'It cannot be read as JSON');
  }
}

/** The entries of a list, or the one object that the file is. Only one entry is held at a time. */
export async function* readJson(chunks: AsyncIterable<string>): AsyncGenerator<DataRecord> {
  for await (const text of jsonElements(chunks)) yield asRecord(parsed(text));
}

/** The entries of a list inside the document, found by a path such as "data.items". Holds the whole document. */
export async function readJsonAt(chunks: AsyncIterable<string>, path: string): Promise<DataRecord[]> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  let at = parsed(text);
  for (const part of path.split('.')) at = asRecord(at)[part];
  if (Array.isArray(at)) return at.map(asRecord);
  throw unreadable(`there is no list at "${path}"`);
}

/** Texts of the entries of a top-level list, or of the values that stand one after the other. */
export async function* jsonElements(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let depth = 0;
  let base = 0;
  let inText = false;
  let escaped = false;
  let began = false;
  let element = '';
  for await (const chunk of chunks) {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const char = chunk.charCodeAt(i);
      if (inText) {
        if (escaped) escaped = false;
        else if (char === BACKSLASH) escaped = true;
        else if (char === QUOTE) inText = false;
        continue;
      }
      if (char === QUOTE) inText = true;
      else if (char === OPEN_LIST || char === OPEN_OBJECT) {
        if (!began && char === OPEN_LIST) {
          base = 1;
          start = i + 1;
        }
        began = true;
        depth++;
      } else if (char === CLOSE_LIST || char === CLOSE_OBJECT) {
        depth--;
        if (depth === base - 1 || (base === 0 && depth === 0)) {
          element += chunk.slice(start, base === 0 ? i + 1 : i);
          start = i + 1;
          if (element.trim() !== '') yield element;
          element = '';
        }
      } else if (char === COMMA && depth === base && base === 1) {
        element += chunk.slice(start, i);
        start = i + 1;
        yield element;
        element = '';
      }
    }
    element += chunk.slice(start);
  }
  if (element.trim() !== '') yield element;
  if (depth > 0 || inText) throw unreadable('it ends in the middle');
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
}

function unreadable(reason: string): NodeError {
  return new NodeError({
    class: 'config',
    code: 'file-unreadable',
    message: `The file cannot be read as JSON: ${reason}.`,
    remedy: 'Check that it is whole, and that it is JSON.',
  });
}
