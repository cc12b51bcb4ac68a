/**
 * Listwise ranking (RankGPT, Sun et al. 2023; the paper's Eq. 6): a window of passages slides from the bottom of the list
 * to the top, and what the model writes about each puts its passages in order.
 */
import { RankscopeError } from '../errors.ts';
import { costOf } from './ask.ts';
import { askText, textKeyParts } from './ask-text.ts';
import { createKeys } from './cache-key.ts';
import type { RunMethod } from './methods/descriptor.ts';
import type { Ranking } from './orders.ts';
import { readPermutation } from './permutation.ts';
import { preparePassage, renderPrepared, wordLimit } from './render.ts';
import { ofKind, type PromptTemplate } from './template.ts';
import type { Listing } from './types.ts';

export interface WindowChoices {
  /** Passages shown at once. */
  readonly window: number;
  /** Places that the window moves up. */
  readonly step: number;
  /** Times that it goes over the whole list. */
  readonly repeats: number;
}

/** Places from `start` to before `end`. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/**
 * The windows of one pass, from the bottom up; the last one begins at the top, wherever the steps lead. With a model
 * that is always right the first window − step places are then the best, in order.
 * @throws RankscopeError 'bad-input' unless the window is larger than its step, so that passages can rise further
 */
export function windowsOf(size: number, { window, step }: Pick<WindowChoices, 'window' | 'step'>): Window[] {
  if (window < 2 || step >= window) {
    throw new RankscopeError(
      'bad-input',
      `A window of ${window} passages cannot move in steps of ${step}: it needs at least two, and a step smaller than itself.`,
    );
  }
  const windows: Window[] = [];
  for (let end = size; end > 1; end -= step) {
    const start = Math.max(0, end - window);
    windows.push({ start, end });
    if (start === 0) break;
  }
  return windows;
}

/** Most new tokens of an answer: “[10] > ” is five or six tokens, and models begin with words of their own. */
function mostTokens(template: PromptTemplate, { window }: WindowChoices): number {
  return ofKind(template, 'listwise').answer === 'best' ? 16 : 6 * window + 8;
}

/** What a model may write for a window. */
export const listwiseLimits = (template: PromptTemplate, choices: WindowChoices) => ({
  maxNewTokens: mostTokens(template, choices),
});

/** `listed` and `ranking` after every window. Scores are 1 / rank (Eq. 6). */
export const runListwise = (choices: WindowChoices): RunMethod =>
  async function* (template, query, candidates, context) {
    const { answer } = ofKind(template, 'listwise');
    const { model, limits = {} } = context;
    const text = listwiseLimits(template, choices);
    const key = createKeys(model.info, template, limits, query, candidates, textKeyParts(text));
    const maxWords = wordLimit(template, limits);
    const passages = candidates.map(({ passage }) => preparePassage(passage, maxWords, template.titles));
    const list = candidates.map((_, i) => i);
    const windows = windowsOf(list.length, choices);
    if (windows.length === 0) yield { type: 'ranking', ...byReciprocalRank(list) };
    for (let pass = 0; pass < choices.repeats; pass++) {
      for (const { start, end } of windows) {
        const shown = list.slice(start, end);
        const render = () =>
          renderPrepared(
            template,
            query,
            shown.map((index) => passages[index]!),
          );
        for await (const [given] of askText([{ key: key(...shown), render }], text, context)) {
          const written = given!.answer.text;
          const { order, malformed } = readPermutation(written, shown.length, answer);
          const sorted = order.map((position) => shown[position]!);
          list.splice(start, sorted.length, ...sorted);
          const item: Listing = { shown, order: sorted, text: written, malformed, ...costOf(given!) };
          yield { type: 'listed', items: [item] };
          yield { type: 'ranking', ...byReciprocalRank(list) };
        }
      }
    }
  };

/** Eq. 6: 1 for the first place, 1/2 for the second. */
const byReciprocalRank = (order: readonly number[]): Ranking => ({
  order: [...order],
  scores: order.map((_, place) => 1 / (place + 1)),
});
