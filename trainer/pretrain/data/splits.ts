/**
 * Who is held out, and which queries wait for distillation: decided by hashes of names alone.
 *
 * - Wikipedia folders by *article title*, across all four folders: an article is either in training
 *   everywhere or nowhere. - MedQuAD by *disease*. - SQuAD by its own test part.
 * - A fifth of the training queries is set aside ("distill"): the teacher never sees them before it
 *   ranks them for the student (recipe: a teacher labels its own training queries too well).
 */

import { fraction } from '../../input/hash-fraction.ts';
import type { Collection, CollectionPassage, CollectionQuery, Pool } from './collections.ts';

export type Part = 'train' | 'held-out';
export type QueryPart = 'train' | 'distill' | 'held-out';

/** Share of articles and of diseases that is held out; gives 350–450 questions in qed-nq and boolq. */
const heldOutShare = 0.05;
const distillShare = 1 / 5;

/** Article title for comparison: section suffix, case, accents, punctuation and spacing removed. */
export function normaliseTitle(title: string): string {
  const article = title.split(' – ')[0] ?? '';
  return normaliseWords(article);
}

/** Case, accents, punctuation and spacing removed: equal for texts that people would call the same. */
export function normaliseWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

export function titlePart(title: string): Part {
  return fraction(normaliseTitle(title), 'wikipedia-title') < heldOutShare ? 'held-out' : 'train';
}

export function diseasePart(focus: string): Part {
  return fraction(normaliseWords(focus), 'medquad-disease') < heldOutShare ? 'held-out' : 'train';
}

/** Part of a passage. MedQuAD's title is the disease its page is about. */
export function passagePart(pool: Pool, passage: CollectionPassage): Part {
  if (pool === 'wikipedia') return titlePart(passage.title);
  if (pool === 'medquad') return diseasePart(passage.title);
  if (pool === 'squad') return passage.id.startsWith('test-') ? 'held-out' : 'train';
  return 'train';
}

/**
 * Part of a query: held out when its own subject or any passage judged for it is; else a draw by its
 * words, so that the same question in two collections falls on the same side.
 */
export function queryPart(
  pool: Pool,
  query: CollectionQuery,
  judged: readonly CollectionPassage[],
): QueryPart {
  const heldOut =
    judged.some((passage) => passagePart(pool, passage) === 'held-out') ||
    (query.focus !== undefined && diseasePart(query.focus) === 'held-out') ||
    (pool === 'squad' && query.id.startsWith('test-'));
  if (heldOut) return 'held-out';
  return fraction(normaliseWords(query.text), 'distill') < distillShare ? 'distill' : 'train';
}

/** Every query's part in a collection, in the collection's order. */
export function queryParts(pool: Pool, collection: Collection): QueryPart[] {
  const byId = new Map(collection.passages.map((passage) => [passage.id, passage]));
  return collection.queries.map((query) => {
    const judged = [...(collection.qrels.get(query.id) ?? [])].flatMap(([id, grade]) => {
      const passage = byId.get(id);
      return passage && grade > 0 ? [passage] : [];
    });
    return queryPart(pool, query, judged);
  });
}
