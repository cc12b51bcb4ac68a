/**
 * Text-level guards on top of the splits by title and disease: the same paragraph can stand in two
 * collections under two names. A passage is taken to repeat another when they share any run of
 * `shingleWords` words.
 */
import { hash53 } from '../../input/hash-fraction.ts';
import { normaliseWords } from './splits.ts';

const shingleWords = 13;

/** A run is looked for only where its first words begin one: that leaves few of the runs of a foreign text to be hashed. */
const firstWords = 4;

/** Remembers texts; answers whether another text repeats a run of 13 words of any of them. */
export class ShingleSet {
  private readonly seen = new Set<number>();
  private readonly beginnings = new Set<string>();

  add(text: string): void {
    const words = new Words(text);
    for (let i = 0; i < words.runs; i++) {
      this.seen.add(hash53(words.run(i)));
      this.beginnings.add(words.run(i, firstWords));
    }
  }

  /**
   * Texts shorter than 13 words match only as a whole. Runs are remembered as 53-bit hashes: with a million of
   * them, one passage in a hundred million is taken for a repetition by chance, an error to the safe side.
   */
  overlaps(text: string): boolean {
    const words = new Words(text);
    for (let i = 0; i < words.runs; i++) {
      if (this.beginnings.has(words.run(i, firstWords)) && this.seen.has(hash53(words.run(i)))) return true;
    }
    return false;
  }
}

/** Every run of 13 words of a text, normalised; a shorter text is one run, a text without words none. */
export function* wordRuns(text: string): Generator<string> {
  const words = new Words(text);
  for (let i = 0; i < words.runs; i++) yield words.run(i);
}

/** The words of a text, normalised, and where each of them begins. */
class Words {
  private readonly text: string;
  private readonly starts: number[] = [];

  constructor(text: string) {
    this.text = normaliseWords(text);
    if (this.text === '') return;
    for (let at = 0; at > 0 || this.starts.length === 0; at = this.text.indexOf(' ', at) + 1)
      this.starts.push(at);
  }

  /** How many runs of 13 words there are. */
  get runs(): number {
    return this.starts.length === 0 ? 0 : Math.max(1, this.starts.length - shingleWords + 1);
  }

  /** So many words from the i-th on, or as many as there are. */
  run(i: number, count = shingleWords): string {
    const next = this.starts[i + count];
    return this.text.slice(this.starts[i], next === undefined ? undefined : next - 1);
  }
}
