/**
 * Pairwise ranking prompting (paper, section 3, Eq. 4 and 5): one way to ask an ordered pair, one
 * cache, and schedules that choose the pairs.
 */
import type { Candidate, Query } from '../types.ts';
import type { LogitsAnswer } from './answer.ts';
import { type Answer, type AskContext, costOf, type Question } from './ask.ts';
import { askLogits } from './ask-logits.ts';
import { createKeys } from './cache-key.ts';
import type { BeginSchedule, RunMethod } from './methods/descriptor.ts';
import { PairTable, preference } from './pair-table.ts';
import { preparePassage, renderPrepared, wordLimit } from './render.ts';
import type { ScheduleChoices } from './schedules/choices.ts';
import type { OrderedPair, Schedule } from './schedules/schedule.ts';
import { seedOf } from './schedules/seed.ts';
import type { PromptTemplate } from './template.ts';
import type { Decision, RankingEvent } from './types.ts';

/**
 * Runs a schedule: `decided` and `ranking` after every batch. An ordered pair is decided once a run,
 * also where a schedule comes back to it. The last `ranking` is the final one.
 */
export async function* rankPairwise(
  scheduleOf: (size: number, table: PairTable) => Schedule,
  template: PromptTemplate,
  query: Query,
  candidates: readonly Candidate[],
  context: AskContext,
): AsyncGenerator<RankingEvent> {
  const table = new PairTable(candidates.length);
  const schedule = scheduleOf(candidates.length, table);
  const question = pairQuestions(template, query, candidates, context);
  let open = nextOpen(schedule, table);
  if (open.length === 0) yield { type: 'ranking', ...schedule.ranking() };
  while (open.length > 0) {
    const asked: readonly OrderedPair[] = open;
    let left = asked.length;
    for await (const answers of askLogits(asked.map(question), context)) {
      const items = answers.map((answer) => toDecision(asked[answer.index]!, answer));
      for (const { a, b, preference } of items) table.set(a, b, preference);
      left -= items.length;
      yield { type: 'decided', items };
      // With the step's last decision the schedule moves on, and the ranking with it.
      if (left === 0) open = nextOpen(schedule, table);
      yield { type: 'ranking', ...schedule.ranking() };
    }
  }
}

/** How a comparing method runs, from its schedule. */
export const runSchedule =
  (begin: BeginSchedule) =>
  (choices: ScheduleChoices): RunMethod =>
  (template, query, ...rest) => {
    const seed = seedOf(query.text);
    return rankPairwise((size, table) => begin(size, table, choices, seed), template, query, ...rest);
  };

/** Undecided pairs of the schedule's next step that has some; empty when it is finished. */
export function nextOpen(schedule: Schedule, table: PairTable): OrderedPair[] {
  for (let step = schedule.steps.next(); !step.done; step = schedule.steps.next()) {
    const open = step.value.filter(([a, b]) => !table.has(a, b));
    if (open.length > 0) return open;
  }
  return [];
}

/** The comparison function's question: a shown as passage A, b as passage B. */
function pairQuestions(
  template: PromptTemplate,
  query: Query,
  candidates: readonly Candidate[],
  { model, limits = {} }: AskContext,
): (pair: OrderedPair) => Question {
  const key = createKeys(model.info, template, limits, query, candidates);
  const maxWords = wordLimit(template, limits);
  const passages = candidates.map(({ passage }) => preparePassage(passage, maxWords, template.titles));
  return ([a, b]) => ({
    key: key(a, b),
    render: () => renderPrepared(template, query, [passages[a]!, passages[b]!]),
  });
}

function toDecision([a, b]: OrderedPair, given: Answer<LogitsAnswer>): Decision {
  const [logitA = Number.NaN, logitB = Number.NaN] = given.answer.logits;
  return { a, b, logitA, logitB, preference: preference(logitA, logitB), ...costOf(given) };
}
