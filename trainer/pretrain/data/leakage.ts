/**
 * Text-level guards on top of the splits by title and disease: the same paragraph can stand in two
 * collections under two names. A passage is taken to repeat another when they share any run of
 * `shingleWords` words.
 */
import { hash53 } from '../../input/hash-fraction.ts';
import { normaliseWords } from './splits.ts';

const shingleWords = 13;

/** Remembers texts; answers whether another text repeats a run of 13 words of any of them. */
export class ShingleSet {
  private readonly seen = new Set<number>();

  add(text: string): void {
    for (const run of wordRuns(text)) this.seen.add(hash53(run));
  }

  /**
   * Texts shorter than 13 words match only as a whole. Runs are remembered as 53-bit hashes: with a million of
   * them, one passage in a hundred million is taken for a repetition by chance, an error to the safe side.
   */
  overlaps(text: string): boolean {
    for (const run of wordRuns(text)) if (this.seen.has(hash53(run))) return true;
    return false;
  }
}

/** Every run of 13 words of a text, normalised; a shorter text is one run, a text without words none. */
export function* wordRuns(text: string): Generator<string> {
  const words = normaliseWords(text).split(' ');
  if (words[0] === '') return;
  const last = Math.max(0, words.length - shingleWords);
  for (let i = 0; i <= last; i++) yield words.slice(i, i + shingleWords).join(' ');
}
