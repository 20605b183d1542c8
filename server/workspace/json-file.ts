import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Adapter, Low } from 'lowdb';
import { TextFile } from 'lowdb/node';

/** How a file's text is made and read; the text is what Git keeps and people compare. */
export interface Format<T> {
  print(data: T): string;
  parse(text: string): T;
}

/** One JSON file through lowdb: written aside and renamed, so that it is whole at any instant. */
export class JsonFile<T> {
  readonly path: string;
  private readonly format: Format<T>;

  constructor(path: string, format: Format<T>) {
    this.path = path;
    this.format = format;
  }

  async read(): Promise<T | undefined> {
    const db = this.open();
    await db.read();
    return db.data ?? undefined;
  }

  /** As it stands, whether it can be read or not. */
  async text(): Promise<string | undefined> {
    return (await new TextFile(this.path).read()) ?? undefined;
  }

  /** Gives the text that was written. */
  async write(data: T): Promise<string> {
    await mkdir(dirname(this.path), { recursive: true });
    const db = this.open();
    db.data = data;
    await db.write();
    return this.format.print(data);
  }

  async delete(): Promise<void> {
    await rm(this.path, { force: true });
  }

  /** Epoch milliseconds of the last write; `undefined` if there is no file. */
  async modifiedAt(): Promise<number | undefined> {
    return (await stat(this.path).catch(() => undefined))?.mtimeMs;
  }

  private open(): Low<T | null> {
    const file = new TextFile(this.path);
    const { format } = this;
    const adapter: Adapter<T | null> = {
      read: async () => {
        const text = await file.read();
        return text === null ? null : format.parse(text);
      },
      write: async (data) => {
        if (data !== null) await file.write(format.print(data));
      },
    };
    return new Low<T | null>(adapter, null);
  }
}

/** Plain JSON, indented. */
export function jsonFormat<T>(read: (value: unknown) => T): Format<T> {
  return { print: (data) => `${JSON.stringify(data, null, 2)}\n`, parse: (text) => read(JSON.parse(text)) };
}
