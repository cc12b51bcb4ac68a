/** Candidates for learning from judgments: a list without a relevant passage would teach nothing. */
import { readQrels } from '../../src/formats/qrels.ts';
import type { Candidate, Passage, Qrels } from '../../src/types.ts';
import { readText } from '../input/read-jobs.ts';

/** Ids of the passages that judgments call relevant, best grade first, of each query. */
export type RelevantIds = ReadonlyMap<string, readonly string[]>;

/** @throws RankscopeError 'missing' or 'bad-input' with file and line */
export async function readRelevant(file: string): Promise<RelevantIds> {
  return relevantIds(readQrels(await readText(file), file));
}

export function relevantIds(qrels: Qrels): RelevantIds {
  return new Map(
    [...qrels].map(([query, grades]) => {
      const relevant = [...grades].filter(([, grade]) => grade > 0);
      return [query, relevant.sort(([, a], [, b]) => b - a).map(([id]) => id)];
    }),
  );
}

/**
 * Where none of the candidates is relevant, the best judged passage that the corpus has takes the last place of a full
 * list, or the one behind a shorter list, with the score of the passage before it. Other lists stay as they are.
 * @param k the length of a full list
 */
export function withRelevant(
  candidates: readonly Candidate[],
  relevant: readonly string[],
  { k, passage }: { readonly k: number; passage(id: string): Passage | undefined },
): readonly Candidate[] {
  if (candidates.some((one) => relevant.includes(one.passage.id))) return candidates;
  const added = relevant.map((id) => passage(id)).find((one) => one !== undefined);
  if (!added) return candidates;
  const kept = candidates.slice(0, k - 1);
  return [...kept, { passage: added, rank: kept.length + 1, score: kept.at(-1)?.score ?? 0 }];
}
