import { join } from 'node:path';
import { type Settings, settingsSchema, varsSchema } from '../../spec/api/settings.ts';
import type { Author, GitHistory } from './git-history.ts';
import { type Format, JsonFile, jsonFormat } from './json-file.ts';

/** A JSON file of the workspace that is small and read all the time: kept in memory, written and committed on change. */
export class KeptFile<T> {
  private readonly name: string;
  private readonly file: JsonFile<T>;
  private readonly format: Format<T>;
  private readonly history: GitHistory;
  private readonly initial: () => T;
  private value: T | undefined;

  /** `initial` gives what holds while there is no file. */
  constructor(folder: string, name: string, format: Format<T>, initial: () => T, history: GitHistory) {
    this.name = name;
    this.format = format;
    this.file = new JsonFile(join(folder, name), format);
    this.initial = initial;
    this.history = history;
  }

  async open(): Promise<void> {
    this.value = await this.file.read();
  }

  get(): T {
    this.value ??= this.initial();
    return this.value;
  }

  async put(value: T, author: Author): Promise<T> {
    await this.file.write(value);
    this.value = value;
    this.history.commit({
      path: this.name,
      content: this.format.print(value),
      author,
      message: `Change ${this.name}`,
    });
    return value;
  }
}

export type Vars = Readonly<Record<string, unknown>>;

export function variablesFile(folder: string, history: GitHistory): KeptFile<Vars> {
  const format = jsonFormat<Vars>((value) => varsSchema.shape.vars.parse(value));
  return new KeptFile(folder, 'variables.json', format, () => ({}), history);
}

export function settingsFile(folder: string, history: GitHistory): KeptFile<Settings> {
  const initial = () => ({ timezone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  return new KeptFile(
    folder,
    'settings.json',
    jsonFormat<Settings>((value) => settingsSchema.parse(value)),
    initial,
    history,
  );
}
