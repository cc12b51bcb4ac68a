/**
 * The working set of the embedded models: which passages and queries of which collections are used,
 * and for what. Everything later (vocabulary, vectors, embeddings, candidates, evaluation) reads
 * this and nothing else, so that one test over it covers them all.
 */

import { fraction } from '../../input/hash-fraction.ts';
import {
  type Collection,
  type CollectionPassage,
  type Pool,
  readCollection,
  trainingCollections,
} from './collections.ts';
import { readHeldApart } from './held-apart.ts';
import { ShingleSet } from './leakage.ts';
import { normaliseWords, passagePart, type QueryPart, queryParts } from './splits.ts';

export interface SelectedPassage {
  /** `collection/id`: unique over all collections. */
  readonly key: string;
  readonly collection: string;
  readonly pool: Pool;
  readonly title: string;
  /** What a prompt shows: see `shownText`. */
  readonly text: string;
}

export interface SelectedQuery {
  readonly key: string;
  readonly collection: string;
  readonly pool: Pool;
  readonly part: QueryPart;
  readonly text: string;
  readonly focus?: string;
  /** Passage key → grade (> 0 only). */
  readonly judged: ReadonlyMap<string, number>;
}

export interface Selection {
  /** Passages that may train. */
  readonly passages: readonly SelectedPassage[];
  /** Training and distillation queries; every one has a judged passage among `passages`. */
  readonly queries: readonly SelectedQuery[];
  /** Queries for evaluation only, all of them (evaluation-sets.ts draws from these). */
  readonly heldOutQueries: readonly SelectedQuery[];
  /** Every passage of the pools, those in training too: what evaluation retrieves from. */
  readonly allPassages: readonly SelectedPassage[];
}

/**
 * Share of articles, diseases or passages kept of the large collections, by whole subjects, so that
 * siblings stay as hard negatives. Half of Wikipedia's sections: embedding all of them takes longer than
 * all else together.
 */
export const keptShares: Readonly<Record<string, number>> = {
  medquad: 0.95,
  openstax: 0.6,
  'wikipedia-sections': 0.5,
};

/**
 * Half of the passages (by hash) show their title first: people's own corpora come with and without
 * titles, and a ranker should read both.
 */
export function shownText(key: string, passage: { readonly title: string; readonly text: string }): string {
  const withTitle = passage.title !== '' && fraction(key, 'show-title') < 0.5;
  return withTitle ? `${passage.title}. ${passage.text}` : passage.text;
}

/** Reads all training collections and splits them. Takes a few seconds; the result is about 150 MB. */
export function select(root?: string, kept = keptShares): Selection {
  const sources = trainingCollections.map((source) => ({
    ...source,
    collection: readCollection(source.name, root),
  }));
  const apart = readHeldApart(root);
  const bannedQueries = new Set(apart.queries.map(normaliseWords));
  const heldOutText = new ShingleSet();
  for (const text of apart.passages) heldOutText.add(text);
  const parts = new Map<string, QueryPart[]>();
  for (const { name, pool, collection } of sources) {
    const part = queryParts(pool, collection);
    parts.set(name, part);
    collection.queries.forEach((query, i) => {
      if (part[i] === 'held-out') bannedQueries.add(normaliseWords(query.text));
    });
    for (const passage of collection.passages) {
      if (passagePart(pool, passage) === 'held-out') heldOutText.add(passage.text);
    }
  }

  const passages: SelectedPassage[] = [];
  const allPassages: SelectedPassage[] = [];
  const queries: SelectedQuery[] = [];
  const heldOutQueries: SelectedQuery[] = [];
  for (const { name, pool, collection } of sources) {
    const usable = new Set<string>();
    for (const passage of collection.passages) {
      const key = `${name}/${passage.id}`;
      const common = { key, collection: name, pool, title: passage.title };
      allPassages.push({ ...common, text: passage.text });
      if (passagePart(pool, passage) === 'held-out' || !isKept(kept[name], passage)) continue;
      if (heldOutText.overlaps(passage.text)) continue;
      usable.add(passage.id);
      passages.push({ ...common, text: shownText(key, passage) });
    }
    addQueries(name, pool, collection, parts.get(name) ?? [], usable, bannedQueries, queries, heldOutQueries);
  }
  return { passages, queries, heldOutQueries, allPassages };
}

function isKept(share: number | undefined, passage: CollectionPassage): boolean {
  if (share === undefined) return true;
  const subject = passage.title === '' ? passage.id : passage.title;
  return fraction(normaliseWords(subject), 'kept') < share;
}

function addQueries(
  name: string,
  pool: Pool,
  collection: Collection,
  parts: readonly QueryPart[],
  usable: ReadonlySet<string>,
  banned: ReadonlySet<string>,
  queries: SelectedQuery[],
  heldOutQueries: SelectedQuery[],
): void {
  const seen = new Map<string, Map<string, number>>();
  collection.queries.forEach((query, i) => {
    const part = parts[i] ?? 'train';
    const words = normaliseWords(query.text);
    if (words === '' || (part !== 'held-out' && banned.has(words))) return;
    const judged = new Map<string, number>();
    for (const [id, grade] of collection.qrels.get(query.id) ?? []) {
      if (grade > 0 && (part === 'held-out' || usable.has(id))) judged.set(`${name}/${id}`, grade);
    }
    if (judged.size === 0) return;
    // The same question twice (MedQuAD has many) is one query with both answers.
    const earlier = seen.get(words);
    if (earlier) {
      for (const [key, grade] of judged) earlier.set(key, grade);
      return;
    }
    seen.set(words, judged);
    const entry = {
      key: `${name}/${query.id}`,
      collection: name,
      pool,
      part,
      text: query.text,
      focus: query.focus,
      judged,
    };
    (part === 'held-out' ? heldOutQueries : queries).push(entry);
  });
}
