/** Labels from what exists: a TREC run, InstructDistill's permutation file, or judgments (supervised fine-tuning). */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { readAnswers } from '../../src/formats/distill.ts';
import { badInput, counted, excerpt } from '../../src/formats/excerpt.ts';
import type { Label, SourceInfo } from '../../src/formats/label-line.ts';
import { readQrels } from '../../src/formats/qrels.ts';
import { restoreIds } from '../../src/formats/run-ids.ts';
import { scoreByPlace } from '../../src/ranking/orders.ts';
import type { QueryList } from '../input/lists.ts';
import { readText } from '../input/read-jobs.ts';
import { readRunFile } from '../input/run-file.ts';
import { countRepairs, repairsText } from './repairs.ts';
import type { LabelSource } from './source.ts';

/**
 * @param lists all lists of the input, before a shard is taken: the file is in their order
 * @param strict refuse a permutation that would have to be repaired
 * @throws RankscopeError 'bad-input' with file and line
 */
export async function permutationSource(
  file: string,
  lists: readonly QueryList[],
  options: { readonly strict?: boolean } = {},
): Promise<LabelSource> {
  const text = await readText(file);
  // They were made over all candidates, also where only the first are labelled.
  const sizes = lists.map(({ candidates, total = candidates.length }) => total);
  const permutations = readAnswers(text, file, sizes, options);
  const byQuery = new Map(lists.map(({ query }, i) => [query.id, permutations[i]!]));
  const all = countRepairs(permutations);
  const source = ranked(fileInfo('permutations', file, text), ({ query, candidates }) => ({
    ...scoreByPlace(byQuery.get(query.id)!.order.filter((at) => at < candidates.length)),
    decisions: [],
  }));
  return {
    ...source,
    notices: all.repaired > 0 ? [`${file}: ${repairsText(all)}`] : undefined,
    audit: (own) => ({ permutations: countRepairs(own.map(({ query }) => byQuery.get(query.id)!)) }),
  };
}

/**
 * Passages of a query that the run does not have follow in first-stage order; then, and where scores
 * would not give the order, places take the scores' part.
 * @param tag which of the file's runs; absent: the only one
 * @throws RankscopeError 'bad-input' when the run lacks a query or shares no passage with it
 */
export async function runSource(
  file: string,
  lists: readonly QueryList[],
  tag?: string,
): Promise<LabelSource> {
  const read = await readRunFile(file, tag);
  const ids = (list: QueryList) => new Set(list.candidates.map(({ passage }) => passage.id));
  const known = new Map(read.isOwn ? lists.map((list) => [list.query.id, ids(list)]) : []);
  const { run } = restoreIds(read.run, known);
  const lacking = lists.filter(({ query, candidates }) => candidates.length > 0 && !run.has(query.id));
  if (lacking.length > 0) {
    throw badInput(
      file,
      undefined,
      `it has no results for ${counted(lacking.length, 'query', 'queries')} of the input, e.g. ${excerpt(lacking[0]!.query.id)}. ` +
        'Take those out of the input, or give a run that has them.',
    );
  }
  for (const { query, candidates } of lists) {
    const ids = new Set(run.get(query.id)?.map(({ id }) => id));
    if (candidates.length > 0 && !candidates.some(({ passage }) => ids.has(passage.id))) {
      throw badInput(
        file,
        undefined,
        `it ranks none of the candidates of query ${excerpt(query.id)}. Was it made from another corpus?`,
      );
    }
  }
  const info = { ...fileInfo('run', file, await readText(file)), tag };
  return ranked(info, ({ query, candidates }) => {
    const place = new Map(candidates.map(({ passage }, i) => [passage.id, i]));
    const entries = (run.get(query.id) ?? []).filter(({ id }) => place.has(id));
    const order = entries.map(({ id }) => place.get(id)!);
    const named = new Set(order);
    const rest = candidates.map((_, i) => i).filter((i) => !named.has(i));
    if (rest.length > 0) return { ...scoreByPlace([...order, ...rest]), decisions: [] };
    return { order, scores: entries.map(({ score }) => score), decisions: [] };
  });
}

/**
 * Scores are grades, 0 where nobody judged; equal grades stay in first-stage order. For the loss `softmax`, which learns the
 * grades: lists without a relevant candidate teach nothing there.
 * @throws RankscopeError 'bad-input' where no candidate of any query is judged relevant
 */
export async function judgmentsSource(file: string, lists: readonly QueryList[]): Promise<LabelSource> {
  const text = await readText(file);
  const qrels = readQrels(text, file);
  const gradeOf = ({ query }: QueryList, id: string): number =>
    Math.max(0, qrels.get(query.id)?.get(id) ?? 0);
  const taught = lists.filter((list) =>
    list.candidates.some(({ passage }) => gradeOf(list, passage.id) > 0),
  ).length;
  if (taught === 0) {
    throw badInput(
      file,
      undefined,
      'it judges no candidate of the input relevant, so there is nothing to learn. Do both have the same ids?',
    );
  }
  const source = ranked(fileInfo('judgments', file, text), (list) => {
    const grades = list.candidates.map(({ passage }) => gradeOf(list, passage.id));
    const order = grades.map((_, i) => i).sort((a, b) => grades[b]! - grades[a]! || a - b);
    return { order, scores: order.map((i) => grades[i]!), decisions: [] };
  });
  const lacking = lists.length - taught;
  const note = `${file}: ${counted(lacking, 'query has', 'queries have')} no relevant candidate.`;
  return { ...source, notices: lacking > 0 ? [note] : undefined };
}

function fileInfo(kind: 'run' | 'permutations' | 'judgments', file: string, text: string): SourceInfo {
  return { kind, name: basename(file), digest: createHash('sha256').update(text).digest('hex') };
}

function ranked(info: SourceInfo, label: (list: QueryList) => Label): LabelSource {
  return {
    info,
    unit: 'queries',
    details: {},
    check: () => {},
    plan: (lists) => ({ calls: lists.length, upperBound: false }),
    open: async () => {},
    measure: async () => undefined,
    async label(list, { onCalls }) {
      onCalls?.(1);
      return label(list);
    },
    dispose: async () => {},
  };
}
