/** BM25 over a list of passages: search, and the explanation of every score. */
import { passageText } from '../passage-text.ts';
import type { Passage } from '../types.ts';
import { inverseDocumentFrequency, lengthNorm, saturation } from './formula.ts';
import { checkParams } from './params.ts';
import type { PostingList } from './posting-list.ts';
import { Postings } from './postings.ts';
import { countedTerms, type QueryWords, wordsOf } from './query.ts';
import { termsOf } from './tokenize.ts';
import { topIndices } from './top.ts';
import type { Bm25Params, SearchHit, TermContribution } from './types.ts';

export interface SearchResult {
  /** Best first; equal scores in corpus order. */
  readonly hits: readonly SearchHit[];
  /** The hits' passages. */
  readonly passages: readonly Passage[];
  /** Passages that contain at least one term of the query. */
  readonly matched: number;
  /** With `fill`: passages without a term of the query that make up what is missing to k, in corpus order. */
  readonly filled: readonly Passage[];
  readonly words: QueryWords;
}

interface WeighedTerm {
  readonly term: string;
  readonly count: number;
  readonly idf: number;
  readonly postings: PostingList;
}

/**
 * An index that passages are appended to and that can be searched at any time. Title and text are
 * one field (passageText). Ids are the caller's to keep unique.
 */
export class Bm25Index {
  readonly #passages: Passage[] = [];
  readonly #postings: Postings;
  #params: Bm25Params;
  #norms: Float64Array | undefined;
  /** Scratch of `search`: scores by passage; all zero between searches. */
  #scores = new Float64Array(0);

  /** @throws RankscopeError 'bad-input' when a parameter is out of range */
  constructor(params: Bm25Params) {
    checkParams(params);
    this.#params = params;
    this.#postings = new Postings((text) => termsOf(text, params));
  }

  get params(): Bm25Params {
    return this.#params;
  }

  get passages(): readonly Passage[] {
    return this.#passages;
  }

  get size(): number {
    return this.#passages.length;
  }

  /** Different terms in the index. */
  get termCount(): number {
    return this.#postings.termCount;
  }

  append(passage: Passage): void {
    this.#postings.append(passageText(passage));
    this.#passages.push(passage);
  }

  /**
   * Takes other parameters of the score (k1, b, delta), at once.
   *
   * @returns false, and changes nothing, when `stopWords`, `fold` or `stemming` differ: that needs a new index
   */
  retune(params: Bm25Params): boolean {
    checkParams(params);
    const { stopWords, fold, stemming } = this.#params;
    if (params.stopWords !== stopWords || params.fold !== fold || params.stemming !== stemming) return false;
    this.#params = params;
    this.#norms = undefined;
    return true;
  }

  /**
   * The k best passages for a query: those with the highest sum of one-term searches, a term
   * repeated in the query counting as often as it occurs.
   *
   * @param k 0 or more; fewer hits come back when fewer passages contain a term of the query
   * @param options.fill passages without a term of the query make up what is missing; a query without any
   *   word gets none
   */
  search(query: string, k: number, options: { readonly fill?: boolean } = {}): SearchResult {
    const terms = this.#weigh(query);
    if (this.#scores.length < this.size) this.#scores = new Float64Array(this.size);
    const scores = this.#scores;
    const seen = new Uint8Array(this.size);
    let matched = 0;
    const norms = this.#lengthNorms();
    const { k1, delta } = this.#params;
    for (const { count, idf, postings } of terms) {
      const { pairs, size } = postings;
      for (let at = 0; at < 2 * size; at += 2) {
        const index = pairs[at]!;
        scores[index]! += count * (idf * saturation(pairs[at + 1]!, norms[index]!, k1, delta));
        matched += 1 - seen[index]!;
        seen[index] = 1;
      }
    }
    const wanted = Math.max(0, Math.floor(k));
    const best = topIndices(scores, seen, wanted);
    scores.fill(0);
    const words = terms.length > 0 ? 'some' : wordsOf(query, this.#params);
    return {
      hits: best.map((index) => this.#explain(index, terms)),
      passages: best.map((index) => this.#passages[index]!),
      matched,
      filled: options.fill && words !== 'none' ? this.#unmatched(seen, wanted - best.length) : [],
      words,
    };
  }

  /** The first passages without a term of the query. */
  #unmatched(seen: Uint8Array, count: number): Passage[] {
    const found: Passage[] = [];
    for (let i = 0; i < this.size && found.length < count; i++) if (!seen[i]) found.push(this.#passages[i]!);
    return found;
  }

  #weigh(query: string): WeighedTerm[] {
    return countedTerms(query, this.#params).map(({ term, count }) => {
      const postings = this.#postings.of(term);
      return { term, count, idf: inverseDocumentFrequency(postings.size, this.size), postings };
    });
  }

  /** By passage; made again after an append or other parameters. */
  #lengthNorms(): Float64Array {
    if (this.#norms?.length === this.size) return this.#norms;
    const { k1, b } = this.#params;
    const average = this.#postings.averageLength;
    const norms = new Float64Array(this.size);
    for (let i = 0; i < norms.length; i++) norms[i] = lengthNorm(this.#postings.lengthOf(i), average, k1, b);
    this.#norms = norms;
    return norms;
  }

  /** The same additions in the same order as in `search`, so that the sum is the score exactly. */
  #explain(index: number, weighed: readonly WeighedTerm[]): SearchHit {
    const terms: TermContribution[] = [];
    let score = 0;
    const norm = this.#lengthNorms()[index]!;
    const { k1, delta } = this.#params;
    for (const { term, count, idf, postings } of weighed) {
      const frequency = postings.get(index);
      if (frequency === undefined) continue;
      const contribution = count * (idf * saturation(frequency, norm, k1, delta));
      score += contribution;
      terms.push({ term, contribution, frequency, idf, queryCount: count });
    }
    return { id: this.#passages[index]!.id, score, terms };
  }
}
