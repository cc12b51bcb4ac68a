/** What a method will have to ask before it has asked anything: its plan, less what the cache knows. */
import type { ScorerInfo } from '../inference/scorer.ts';
import type { CachedAnswer } from './answer.ts';
import { answersLogits } from './ask-logits.ts';
import { createKeys } from './cache-key.ts';
import { type MethodId, methodNamed, needsTrueProbabilities } from './methods/registry.ts';
import { PairTable, preference } from './pair-table.ts';
import { nextOpen } from './pairwise.ts';
import { DEFAULT_PASSES, plannedCalls } from './planned-calls.ts';
import type { RankingJob } from './ranking-job.ts';
import { allPairsOrder } from './schedules/all-pairs.ts';

export interface Forecast {
  /** Answers that the ranking rests on: the method's plan (plannedCalls), or what it comes to where that is known. */
  readonly calls: number;
  /** Calls that will really be made. */
  readonly toAsk: number;
  /** Answers known already, as far as is known without asking. */
  readonly cached: number;
  /** `calls` and `toAsk` are the most there can be (heapsort, sliding window). */
  readonly upperBound: boolean;
}

/**
 * Exact for pointwise methods and all pairs. A schedule that goes by its answers is replayed on the known
 * ones: to its end if they suffice, else to its first open question, from where the most that it can still
 * need is counted, never more than there are pairs without an answer. O(calls).
 */
export function forecastCalls(
  job: RankingJob,
  info: ScorerInfo,
  known: (key: string) => CachedAnswer | undefined,
): Forecast {
  const { method, template, query, candidates, passes = DEFAULT_PASSES, limits = {} } = job;
  const key = createKeys(info, template, limits, query, candidates);
  const needsLogSumExp = needsTrueProbabilities(method, job.trueProbabilities);
  const planned = plannedForecast(method, candidates.length, passes);
  if (!planned.upperBound) {
    const questions =
      methodNamed(method).kind === 'pairwise'
        ? allPairsOrder(candidates.length)
        : candidates.map((_, i) => [i]);
    const toAsk = countOpen(questions, key, (k) => {
      const answer = known(k);
      return answer !== undefined && answersLogits(answer, needsLogSumExp);
    });
    return { ...planned, toAsk, cached: planned.calls - toAsk };
  }
  const replayed = replay(job, passes, key, known);
  if (replayed.whole) return { calls: replayed.known, toAsk: 0, cached: replayed.known, upperBound: false };
  const open = countOpen(allPairsOrder(candidates.length), key, (k) => {
    const answer = known(k);
    return answer !== undefined && answersLogits(answer);
  });
  const toAsk = Math.min(planned.calls - replayed.known, open);
  return { ...planned, toAsk, cached: replayed.known };
}

/** The same for n candidates while nothing is known. */
export function plannedForecast(method: MethodId, n: number, passes?: number): Forecast {
  const planned = plannedCalls(method, n, passes);
  return { ...planned, toAsk: planned.calls, cached: 0 };
}

/** Different questions without an answer: passages with the same text are asked about once. */
function countOpen(
  questions: readonly (readonly number[])[],
  key: (...passages: readonly number[]) => string,
  isKnown: (key: string) => boolean,
): number {
  const open = new Set<string>();
  for (const passages of questions) {
    const name = key(...passages);
    if (!isKnown(name)) open.add(name);
  }
  return open.size;
}

/** Runs a schedule on known answers alone: how many it used, and whether they were enough. */
function replay(
  { method, candidates }: RankingJob,
  passes: number,
  key: (a: number, b: number) => string,
  known: (key: string) => CachedAnswer | undefined,
): { readonly known: number; readonly whole: boolean } {
  const table = new PairTable(candidates.length);
  const found = methodNamed(method).schedule;
  if (!found) return { known: 0, whole: false };
  const schedule = found.begin(candidates.length, table, { passes });
  let used = 0;
  for (let open = nextOpen(schedule, table); open.length > 0; open = nextOpen(schedule, table)) {
    let whole = true;
    for (const [a, b] of open) {
      const answer = known(key(a, b));
      if (answer && answersLogits(answer)) {
        table.set(a, b, preference(answer.logits[0]!, answer.logits[1]!));
        used++;
      } else whole = false;
    }
    if (!whole) return { known: used, whole };
  }
  return { known: used, whole: true };
}
