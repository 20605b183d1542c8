/** One record: a JSON object. Files inside it are `FileValue`s. */
export type DataRecord = Record<string, unknown>;

/** A file by reference: its bytes stay in the blob store and are streamed, never held. `size` in bytes. */
export interface FileValue {
  readonly $file: { readonly id: string; readonly name: string; readonly mime: string; readonly size: number };
}

export function isFileValue(value: unknown): value is FileValue {
  return typeof value === 'object' && value !== null && '$file' in value;
}

export function isRecord(value: unknown): value is DataRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
