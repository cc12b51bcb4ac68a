/** What a method will have to ask before it has asked anything: its plan, less what the cache knows. */
import type { ScorerInfo } from '../inference/scorer.ts';
import type { CachedAnswer } from './answer.ts';
import { answersLogits } from './ask-logits.ts';
import { createKeys } from './cache-key.ts';
import type { PairSchedule } from './methods/descriptor.ts';
import { type MethodId, methodNamed, needsTrueProbabilities } from './methods/registry.ts';
import { PairTable, preference } from './pair-table.ts';
import { nextOpen } from './pairwise.ts';
import { plannedCalls } from './planned-calls.ts';
import type { RankingJob } from './ranking-job.ts';
import { allPairsOrder } from './schedules/all-pairs.ts';
import { type GivenChoices, type ScheduleChoices, scheduleChoices } from './schedules/choices.ts';
import type { OrderedPair } from './schedules/schedule.ts';
import { seedOf } from './schedules/seed.ts';

export interface Forecast {
  /** Answers that the ranking rests on: the method's plan (plannedCalls), or what it comes to where that is known. */
  readonly calls: number;
  /** Calls that will really be made. */
  readonly toAsk: number;
  /** Answers known already, as far as is known without asking. */
  readonly cached: number;
  /** `calls` and `toAsk` are the most there can be (heapsort, sliding window, exact top k). */
  readonly upperBound: boolean;
}

/**
 * Exact for pointwise methods and schedules whose questions are settled before they begin. A schedule that goes by its
 * answers is replayed on the known ones: to its end if they suffice, else to its first open question, from where the
 * most that it can still need is counted, never more than there are pairs without an answer. Of comparing methods
 * without a schedule nothing is foreseen but the plan. O(calls).
 */
export function forecastCalls(
  job: RankingJob,
  info: ScorerInfo,
  known: (key: string) => CachedAnswer | undefined,
): Forecast {
  const { method, template, query, candidates, limits = {} } = job;
  const key = createKeys(info, template, limits, query, candidates);
  const needsLogSumExp = needsTrueProbabilities(method, job.trueProbabilities);
  const isKnown = (name: string): boolean => {
    const answer = known(name);
    return answer !== undefined && answersLogits(answer, needsLogSumExp);
  };
  const planned = plannedForecast(method, candidates.length, job);
  const { kind, schedule } = methodNamed(method);
  if (!schedule) {
    if (kind !== 'pointwise') return planned;
    const toAsk = countOpen(
      candidates.map((_, i) => [i]),
      key,
      isKnown,
    );
    return { ...planned, toAsk, cached: planned.calls - toAsk };
  }
  const replayed = replay(schedule, job, scheduleChoices(job), key, known);
  if (!planned.upperBound) {
    const later = planned.calls - replayed.known - replayed.open.length;
    const toAsk = countOpen(replayed.open, key, isKnown) + later;
    return { ...planned, toAsk, cached: planned.calls - toAsk };
  }
  if (replayed.open.length === 0) {
    return { calls: replayed.known, toAsk: 0, cached: replayed.known, upperBound: false };
  }
  const open = countOpen(allPairsOrder(candidates.length), key, isKnown);
  return { ...planned, toAsk: Math.min(planned.calls - replayed.known, open), cached: replayed.known };
}

/** The same for n candidates while nothing is known. */
export function plannedForecast(method: MethodId, n: number, given?: GivenChoices): Forecast {
  const planned = plannedCalls(method, n, given);
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

/** Runs a schedule on known answers alone: how many it used, and what it asks where they end. */
function replay(
  { begin }: PairSchedule,
  { query, candidates }: RankingJob,
  choices: ScheduleChoices,
  key: (a: number, b: number) => string,
  known: (key: string) => CachedAnswer | undefined,
): { readonly known: number; readonly open: readonly OrderedPair[] } {
  const table = new PairTable(candidates.length);
  const schedule = begin(candidates.length, table, choices, seedOf(query.text));
  let used = 0;
  for (let step = nextOpen(schedule, table); step.length > 0; step = nextOpen(schedule, table)) {
    const open = step.filter(([a, b]) => {
      const answer = known(key(a, b));
      if (!answer || !answersLogits(answer)) return true;
      table.set(a, b, preference(answer.logits[0]!, answer.logits[1]!));
      used++;
      return false;
    });
    if (open.length > 0) return { known: used, open };
  }
  return { known: used, open: [] };
}
