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

  /**
   * Texts shorter than 13 words match only as a whole. Runs are remembered as 32-bit hashes, so about
   * one passage in a hundred is taken for a repetition by chance: an error to the safe side.
   */
  overlaps(text: string): boolean {
    for (const shingle of shingles(text)) if (this.seen.has(shingle)) return true;
    return false;
  }
}

function* shingles(text: string): Generator<number> {
  for (const run of wordRuns(text)) yield hash32(run);
}

/** Every run of 13 words of a text, normalised; a shorter text is one run. */
export function* wordRuns(text: string): Generator<string> {
  const words = normaliseWords(text).split(' ');
  const last = Math.max(0, words.length - shingleWords);
  for (let i = 0; i <= last; i++) yield words.slice(i, i + shingleWords).join(' ');
}
