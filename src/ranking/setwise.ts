/**
 * Setwise ranking (Zhuang et al. 2024): which of several passages is the best is read from the logits of their labels in
 * one prompt. One way to ask a set, one cache, and schedules that choose the sets.
 */
import { RankscopeError } from '../errors.ts';
import type { LogitsAnswer } from './answer.ts';
import { type Answer, type AskContext, costOf, type Question } from './ask.ts';
import { askLogits } from './ask-logits.ts';
import { createKeys } from './cache-key.ts';
import type { RunMethod } from './methods/descriptor.ts';
import { preparePassage, renderPrepared, wordLimit } from './render.ts';
import { type SetChoices, type SetSchedule, type ShownSet, Winners } from './set-schedules/set-schedule.ts';
import { ofKind, type PromptTemplate } from './template.ts';
import type { Comparison } from './types.ts';

export type BeginSetSchedule = (size: number, winners: Winners, choices: SetChoices) => SetSchedule;

/**
 * How a setwise method runs, from its schedule: `compared` and `ranking` after every batch. A set is asked about once a
 * run, also where a schedule comes back to it.
 */
export const runSetSchedule =
  (begin: BeginSetSchedule) =>
  (choices: SetChoices): RunMethod =>
    async function* (template, query, candidates, context) {
      checkSize(template, choices);
      const winners = new Winners();
      const schedule = begin(candidates.length, winners, choices);
      const question = setQuestions(template, query, candidates, context);
      let open = nextSets(schedule, winners);
      if (open.length === 0) yield { type: 'ranking', ...schedule.ranking() };
      while (open.length > 0) {
        const asked = open;
        let left = asked.length;
        for (const sets of bySize(asked)) {
          for await (const answers of askLogits(sets.map(question), context)) {
            const items = answers.map((answer) => toComparison(sets[answer.index]!, answer));
            for (const { shown, winner } of items) winners.set(shown, winner);
            left -= items.length;
            yield { type: 'compared', items };
            // With the step's last answer the schedule moves on, and the ranking with it.
            if (left === 0) open = nextSets(schedule, winners);
            yield { type: 'ranking', ...schedule.ranking() };
          }
        }
      }
    };

/** @throws RankscopeError 'bad-input' for more passages at once than the template has labels */
function checkSize(template: PromptTemplate, { setSize }: SetChoices): void {
  const { labels, name } = ofKind(template, 'setwise');
  if (setSize <= labels.length) return;
  throw new RankscopeError(
    'bad-input',
    `${setSize} passages cannot be shown at once: “${name}” has ${labels.length} labels. Show fewer, or give it more labels.`,
  );
}

/** Sets without a winner of the schedule's next step that has some; empty when it is finished. */
function nextSets(schedule: SetSchedule, winners: Winners): readonly ShownSet[] {
  for (let step = schedule.steps.next(); !step.done; step = schedule.steps.next()) {
    const open = step.value.filter((shown) => winners.get(shown) === undefined);
    if (open.length > 0) return open;
  }
  return [];
}

/** Prompts of one call share their labels: sets of one size are asked together. */
function bySize(sets: readonly ShownSet[]): ShownSet[][] {
  const sizes = [...new Set(sets.map(({ length }) => length))];
  return sizes.map((size) => sets.filter(({ length }) => length === size));
}

function setQuestions(
  template: PromptTemplate,
  query: Parameters<RunMethod>[1],
  candidates: Parameters<RunMethod>[2],
  { model, limits = {} }: AskContext,
): (shown: ShownSet) => Question {
  const key = createKeys(model.info, template, limits, query, candidates);
  const maxWords = wordLimit(template, limits);
  const passages = candidates.map(({ passage }) => preparePassage(passage, maxWords, template.titles));
  return (shown) => ({
    key: key(...shown),
    render: () =>
      renderPrepared(
        template,
        query,
        shown.map((index) => passages[index]!),
      ),
  });
}

/** The first of the largest logits wins. */
function toComparison(shown: ShownSet, given: Answer<LogitsAnswer>): Comparison {
  const { logits } = given.answer;
  const winner = shown[logits.indexOf(Math.max(...logits))]!;
  return { shown, winner, logits, ...costOf(given) };
}
