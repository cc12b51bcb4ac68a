/**
 * MiniSearch's term dictionary is a radix tree, made for prefix and fuzzy search. BM25 looks terms
 * up exactly, and the tree's cost grows with the alphabet (a corpus in Chinese has thousands of
 * branches at its root, walked one by one). This is the same interface over a hash table.
 */
import SearchableMap from 'minisearch/SearchableMap';
import { TermEntry } from './posting-list.ts';

export class ExactTerms extends SearchableMap<TermEntry> {
  readonly #map = new Map<string, TermEntry>();

  override get(key: string): TermEntry | undefined {
    return this.#map.get(key);
  }

  override has(key: string): boolean {
    return this.#map.has(key);
  }

  /** MiniSearch would begin an entry with a Map; ours are smaller. */
  override fetch(key: string): TermEntry {
    let entry = this.#map.get(key);
    if (entry === undefined) {
      entry = new TermEntry();
      this.#map.set(key, entry);
    }
    return entry;
  }

  override get size(): number {
    return this.#map.size;
  }
}
