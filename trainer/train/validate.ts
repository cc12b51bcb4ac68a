/** How well the student ranks lists that it does not learn from: like the teacher, and by judgments. */
import { throwIfCancelled } from '../../src/errors.ts';
import { kendallTauB } from '../../src/evaluation/correlation.ts';
import { ndcg } from '../../src/evaluation/metrics.ts';
import { trecOrder } from '../../src/evaluation/trec-order.ts';
import type { Grades } from '../../src/types.ts';
import type { EncodedList } from './prompts.ts';
import type { Values } from './train-log.ts';
import type { Selection, ValidationPoint } from './train-request.ts';

export interface ValidationList extends EncodedList {
  /** Judgments of the query, some grade above 0; absent where there are none. */
  readonly grades?: Grades;
}

type Score = (prompts: readonly Int32Array[]) => Promise<Float32Array>;

export interface ValidateOptions {
  readonly signal?: AbortSignal;
  readonly onLists?: (done: number, total: number) => void;
}

/** Lists of a request to the model: so many tokens, or one list. */
const GROUP_TOKENS = 16_384;

/** @throws RankscopeError 'cancelled' when the signal ends it */
export async function validate(
  lists: readonly ValidationList[],
  score: Score,
  { signal, onLists }: ValidateOptions = {},
): Promise<Values> {
  const scores: Float32Array[] = [];
  for (const group of groups(lists)) {
    await new Promise((go) => setImmediate(go));
    throwIfCancelled(signal);
    const all = await score(group.flatMap(({ prompts }) => prompts));
    let at = 0;
    for (const { prompts } of group) {
      scores.push(all.slice(at, at + prompts.length));
      at += prompts.length;
    }
    onLists?.(scores.length, lists.length);
  }
  return valuesOf(lists, scores);
}

/** Neighbouring lists that go to the model together. */
export function groups<List extends EncodedList>(lists: readonly List[]): List[][] {
  const out: List[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const list of lists) {
    if (tokens + list.tokens > GROUP_TOKENS) {
      out.push([]);
      tokens = 0;
    }
    out.at(-1)!.push(list);
    tokens += list.tokens;
  }
  return out;
}

/**
 * `teacherAgreement`: share of the pairs that the teacher scores differently, of all lists together, that the student orders
 * alike (equal scores do not); `kendallTau`: τ-b of the scores, mean over lists; `ndcg10`: mean over
 * judged queries as trec_eval has it, gain = grade.
 * @param scores of each list's passages
 */
export function valuesOf(lists: readonly ValidationList[], scores: readonly ArrayLike<number>[]): Values {
  let pairs = 0;
  let alike = 0;
  const taus: number[] = [];
  const ndcgs: number[] = [];
  for (const [l, { teacherScores, passageIds, grades }] of lists.entries()) {
    const own = Array.from(scores[l]!);
    for (let i = 0; i < own.length; i++) {
      for (let j = 0; j < own.length; j++) {
        if (!(teacherScores[i]! > teacherScores[j]!)) continue;
        pairs++;
        if (own[i]! > own[j]!) alike++;
      }
    }
    taus.push(kendallTauB(teacherScores, own) ?? 0);
    if (!grades) continue;
    const order = trecOrder(passageIds.map((id, i) => ({ id, score: own[i]! })));
    ndcgs.push(
      ndcg(
        order.map(({ id }) => id),
        grades,
        { k: 10 },
      ),
    );
  }
  const values = { teacherAgreement: pairs === 0 ? 0 : alike / pairs, kendallTau: mean(taus) };
  return ndcgs.length > 0 ? { ...values, ndcg10: mean(ndcgs) } : values;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const MEASURES = { ndcg: 'ndcg10', agreement: 'teacherAgreement' } as const;

export interface Best {
  readonly step: number;
  readonly value: number;
}

/** The step with the highest value, of equal ones the first; undefined where the last is wanted. */
export function bestStep(validation: readonly ValidationPoint[], by: Selection): Best | undefined {
  if (by === 'last') return undefined;
  let best: Best | undefined;
  for (const { step, values } of validation) {
    const value = values[MEASURES[by]]!;
    if (!best || value > best.value) best = { step, value };
  }
  return best;
}
