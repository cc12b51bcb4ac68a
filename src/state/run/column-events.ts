/** What a batch of ranking events makes of a column. Pure, but for the decisions' own table. */
import { answersIn, type CutPassage, cutPassagesIn } from '../../ranking/event-answers.ts';
import type { Decision, RankingEvent, ScoredPassage } from '../../ranking/types.ts';
import { DecisionMatrix } from './decision-matrix.ts';
import type { ColumnRun } from './run.ts';

export function applyEvents(column: ColumnRun, events: readonly RankingEvent[]): ColumnRun {
  return events.reduce(applyEvent, column);
}

function applyEvent(column: ColumnRun, event: RankingEvent): ColumnRun {
  switch (event.type) {
    case 'planned':
      return { ...column, planned: { calls: event.calls, upperBound: event.upperBound } };
    case 'scored':
      return counted(applyScored(column, event.items), event);
    case 'decided':
      return counted(applyDecided(column, event.items), event);
    case 'compared':
    case 'listed':
      return counted(column, event);
    case 'ranking':
      return {
        ...column,
        // The same array for the same order: what depends on the order alone is then not worked out again.
        order: sameOrder(column.order, event.order) ? column.order : event.order,
        scores: event.scores,
      };
    case 'done':
      return { ...column, totals: event.totals, ms: column.earlierMs + event.totals.seconds * 1000 };
  }
}

const sameOrder = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((position, i) => position === b[i]);

function applyScored(column: ColumnRun, items: readonly ScoredPassage[]): ColumnRun {
  const scored = column.scored.slice();
  for (const item of items) scored[item.index] = item;
  return { ...column, scored };
}

function applyDecided(column: ColumnRun, items: readonly Decision[]): ColumnRun {
  const matrix = column.matrix ?? new DecisionMatrix(column.candidates.length);
  matrix.put(items);
  return { ...column, matrix };
}

/** What all events with answers add to. */
function counted(column: ColumnRun, event: RankingEvent): ColumnRun {
  let { asked, cached, tokens, callMs } = column;
  for (const item of answersIn(event)) {
    callMs += item.ms;
    if (item.cached) cached++;
    else {
      asked++;
      tokens += item.tokens;
    }
  }
  const truncations = withCuts(column.truncations, cutPassagesIn(event));
  return { ...column, asked, cached, tokens, callMs, truncations, version: column.version + 1 };
}

/** Keeps the largest cut of each passage: prompts differ in how much room the other passage leaves. */
function withCuts(before: ColumnRun['truncations'], cuts: readonly CutPassage[]): ColumnRun['truncations'] {
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
