/**
 * Text-level guards on top of the splits by title and disease: the same paragraph can stand in two
 * collections under two names. A passage is taken to repeat another when they share any run of
 * `shingleWords` words.
 */
import { hash32 } from './hash.ts';
import { normaliseWords } from './splits.ts';

const shingleWords = 13;

/** Remembers texts; answers whether another text repeats a run of 13 words of any of them. */
export class ShingleSet {
  private readonly seen = new Set<number>();

  add(text: string): void {
    for (const shingle of shingles(text)) this.seen.add(shingle);
  }

  /** Texts shorter than 13 words match only as a whole. Two 32-bit hashes make chance hits negligible. */
  overlaps(text: string): boolean {
    for (const shingle of shingles(text)) if (this.seen.has(shingle)) return true;
    return false;
  }
}

/** 52-bit numbers from two salted hashes: a Set of numbers is far smaller than one of strings. */
function* shingles(text: string): Generator<number> {
  const words = normaliseWords(text).split(' ');
  const last = Math.max(0, words.length - shingleWords);
  for (let i = 0; i <= last; i++) {
    const run = words.slice(i, i + shingleWords).join(' ');
    yield hash32(run) * 2 ** 20 + (hash32(`${run}~`) & 0xfffff);
  }
}
