/**
 * A map of large things that come and go. A `Map` alone would keep them until the next full collection: each table that V8 makes for it as it
 * changes refers to the one made after it, and from the first one that has grown old all that was in any later one is reached. So these
 * tables hold cells, and what is deleted is taken out of its cell.
 */
export class TransientMap<K, V extends object> {
  readonly #cells = new Map<K, { value: V | undefined }>();

  has(key: K): boolean {
    return this.#cells.has(key);
  }

  get(key: K): V | undefined {
    return this.#cells.get(key)?.value;
  }

  set(key: K, value: V): void {
    this.#cells.set(key, { value });
  }

  delete(key: K): void {
    const cell = this.#cells.get(key);
    if (cell === undefined) return;
    cell.value = undefined;
    this.#cells.delete(key);
  }

  *values(): Iterable<V> {
    for (const { value } of this.#cells.values()) if (value !== undefined) yield value;
  }
}
