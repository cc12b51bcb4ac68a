/**
 * Queries with their candidates from a file of any size: RankGPT hits, rank_llm requests or
 * InstructDistill's training lists, JSON or JSON lines, told apart by their keys.
 */
import { readTrainingValue } from '../../src/formats/distill.ts';
import { badInput, excerpt } from '../../src/formats/excerpt.ts';
import { type CandidateList, readHitsValue } from '../../src/formats/hits.ts';
import type { Passage } from '../../src/types.ts';
import { forEachJsonValue } from './json-values.ts';

/** A query's candidates and the line of the file they begin on. */
export interface QueryList extends CandidateList {
  readonly line: number;
  /** InstructDistill's labelled positives, where the file has them. */
  readonly positives?: readonly Passage[];
  /** Passages that were left out as asked; absent: none. */
  readonly leftOut?: number;
  /** Candidates before the first `k` were taken; absent: all of them. */
  readonly total?: number;
}

/**
 * Reads all lists and keeps the first `k` candidates of each.
 * @param isOut passages that are left out before the first `k` are taken
 * @throws RankscopeError 'missing', or 'bad-input' with file, line and reason: malformed JSON, a query
 * without text, an id used twice, no query at all.
 */
export async function readLists(
  file: string,
  k?: number,
  isOut?: (query: string, passage: string) => boolean,
): Promise<QueryList[]> {
  const lists: QueryList[] = [];
  const lineOf = new Map<string, number>();
  await forEachJsonValue(file, (value, line) => {
    const list = readList(value, line, lists.length, file);
    const { id, text: words } = list.query;
    if (words.trim() === '') throw badInput(file, line, 'the query is empty. Write one or remove it.');
    const earlier = lineOf.get(id);
    if (earlier !== undefined) {
      throw badInput(
        file,
        line,
        `the query id ${excerpt(id)} was used on line ${earlier}; ids must be unique. Rename one.`,
      );
    }
    lineOf.set(id, line);
    const kept = isOut ? list.candidates.filter(({ passage }) => !isOut(id, passage.id)) : list.candidates;
    const isWhole = kept.length === list.candidates.length;
    const candidates = isWhole ? kept : kept.map((candidate, i) => ({ ...candidate, rank: i + 1 }));
    lists.push({
      ...list,
      candidates: candidates.slice(0, k),
      leftOut: isWhole ? undefined : list.candidates.length - kept.length,
      total: k !== undefined && candidates.length > k ? candidates.length : undefined,
    });
  });
  if (lists.length === 0) {
    throw badInput(
      file,
      undefined,
      'it contains no queries. Give RankGPT hits (see the command candidates), JSON or JSON lines.',
    );
  }
  return lists;
}

function readList(value: unknown, line: number, index: number, file: string): QueryList {
  const isTraining = typeof value === 'object' && value !== null && 'retrieved_passages' in value;
  const read = isTraining ? readTrainingValue : readHitsValue;
  return { ...read({ value, line }, index, file), line };
}
