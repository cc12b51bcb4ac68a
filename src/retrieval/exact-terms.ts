/**
 * MiniSearch's term dictionary is a radix tree, made for prefix and fuzzy search. BM25 looks terms
 * up exactly, and the tree's cost grows with the alphabet (a corpus in Chinese has thousands of
 * branches at its root, walked one by one). This is the same interface over a hash table.
 */
import SearchableMap from 'minisearch/SearchableMap';

export class ExactTerms<T> extends SearchableMap<T> {
  readonly #map = new Map<string, T>();

  override get(key: string): T | undefined {
    return this.#map.get(key);
  }

  override has(key: string): boolean {
    return this.#map.has(key);
  }

  override fetch(key: string, initial: () => T): T {
    let value = this.#map.get(key);
    if (value === undefined) {
      value = initial();
      this.#map.set(key, value);
    }
    return value;
  }

  override delete(key: string): void {
    this.#map.delete(key);
  }

  override get size(): number {
    return this.#map.size;
  }
}
