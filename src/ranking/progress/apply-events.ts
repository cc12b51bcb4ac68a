/**
 * The reduction of a run's log: what its events make of it. Nothing else changes a run's figures, so that a log that
 * is folded again, whole or up to some moment, gives what was shown then.
 */
import { answersIn, type CutPassage, cutPassagesIn } from '../event-answers.ts';
import type { RankingEvent, ScoredPassage } from '../types.ts';
import { beginProgress, type LogEvent, type PointwiseProgress, type Progress } from './progress.ts';

/**
 * Applies events in their order. Works on anything that has a progress in it (a run): other fields stay. The result
 * shares its decision matrix with what was given, which is not to be used any more.
 */
export function applyEvents<P extends Progress>(progress: P, events: readonly LogEvent[]): P {
  return events.reduce<P>(applyEvent, progress);
}

/** What a log of a run over n candidates has come to `at` milliseconds after its beginning; absent: at its end. */
export function progressAt(
  kind: Progress['kind'],
  n: number,
  log: readonly LogEvent[],
  at = Number.POSITIVE_INFINITY,
): Progress {
  return applyEvents(
    beginProgress(kind, n),
    log.filter((event) => event.at <= at),
  );
}

function applyEvent<P extends Progress>(before: P, event: LogEvent): P {
  const progress = { ...before, ms: event.at };
  switch (event.type) {
    case 'planned':
      return { ...progress, planned: { calls: event.calls, upperBound: event.upperBound } };
    case 'scored':
      return { ...progress, ...counted(progress, event), ...scoredBy(progress, event.items) };
    case 'decided':
      if (progress.kind === 'comparing') progress.matrix.put(event.items);
      return { ...progress, ...counted(progress, event) };
    case 'compared':
    case 'listed':
      return { ...progress, ...counted(progress, event) };
    case 'ranking':
      return {
        ...progress,
        // The same array for the same order: what depends on the order alone is then not worked out again.
        order: sameOrder(progress.order, event.order) ? progress.order : event.order,
        scores: event.scores,
      };
    case 'done':
      return {
        ...progress,
        totals: event.totals,
        ms: progress.earlierMs + event.totals.seconds * 1000,
      };
    case 'resumed':
      return { ...progress, ...nothingCounted, earlierMs: event.at };
  }
}

const nothingCounted = { planned: null, totals: null, asked: 0, cached: 0, tokens: 0, callMs: 0 } as const;

const sameOrder = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((position, i) => position === b[i]);

function scoredBy(progress: Progress, items: readonly ScoredPassage[]): Partial<PointwiseProgress> {
  if (progress.kind !== 'pointwise') return {};
  const scored = progress.scored.slice();
  for (const item of items) scored[item.index] = item;
  return { scored };
}

/** What all events with answers add to. */
function counted(progress: Progress, event: RankingEvent) {
  let { asked, cached, tokens, callMs } = progress;
  for (const item of answersIn(event)) {
    callMs += item.ms;
    if (item.cached) cached++;
    else {
      asked++;
      tokens += item.tokens;
    }
  }
  const truncations = withCuts(progress.truncations, cutPassagesIn(event));
  return { asked, cached, tokens, callMs, truncations, version: progress.version + 1 };
}

/** Keeps the largest cut of each passage: prompts differ in how much room the other passage leaves. */
function withCuts(before: Progress['truncations'], cuts: readonly CutPassage[]): Progress['truncations'] {
  const worse = cuts.filter(
    ([index, cut]) => cut.kept < (before.get(index)?.kept ?? Number.POSITIVE_INFINITY),
  );
  if (worse.length === 0) return before;
  const after = new Map(before);
  for (const [index, cut] of worse) {
    if (cut.kept < (after.get(index)?.kept ?? Number.POSITIVE_INFINITY)) after.set(index, cut);
  }
  return after;
}
