/**
 * What is said of passages with their query's own id (src/evaluation/identical-ids.ts): ids may also be the same by
 * chance, which is why it is always said.
 */
import { counted } from '../../src/formats/excerpt.ts';
import type { CandidateList } from '../../src/formats/hits.ts';

/** Queries among whose candidates is one with their own id. */
export function countIdentical(lists: readonly CandidateList[]): number {
  return lists.filter(({ query, candidates }) => candidates.some(({ passage }) => passage.id === query.id))
    .length;
}

/** Said where they are left out. */
export function leftOutNote(where: string, queries: number): string {
  const have = queries === 1 ? 'query has a passage with its' : 'queries have a passage with their';
  return (
    `${where}: ${counted(queries, have, have)} own id. It is left out of the candidates, as in BEIR; ` +
    '--keep-identical-ids (in a recipe, keepIdenticalIds) keeps it.'
  );
}

/** Said where they stay, as lists and runs that are given have them. */
export function keptNote(where: string, queries: number): string {
  const have = queries === 1 ? 'query has a passage with its' : 'queries have a passage with their';
  return `${where}: ${counted(queries, have, have)} own id. BEIR leaves such passages out, and so does --leave-out-identical-ids.`;
}
