/**
 * Queries that with their instruction leave no room for passages: cut, where that is asked, so that a file of
 * thousands does not stop at one. What was cut is counted and recorded with the answers.
 */

import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { counted } from '../../src/formats/excerpt.ts';
import { keepTokens } from '../../src/inference/prompt-encoder.ts';
import { type PromptTemplate, passagesShown } from '../../src/ranking/template.ts';
import { promptText, renderPrompt } from '../../src/ranking/templates.ts';
import type { TextTokenizer } from '../../src/tokenizer/text-tokenizer.ts';
import type { Query } from '../../src/types.ts';

/** Tokens that must be left for each passage: fewer tell the model nothing. */
const LEAST_PASSAGE_TOKENS = 4;

export interface Fit {
  /** Tokens of the prompt with this query and empty passages. */
  tokens(query: string): number;
  /** Whether a prompt of so many tokens leaves room for its passages. */
  leavesRoom(tokens: number): boolean;
  /** The query's beginning, at a word's end, that leaves half of the model's input to passages. */
  cut(query: Query): Query;
}

/**
 * How queries fit a template and a model.
 * @param slots passages that a prompt shows
 */
export function fitOf(
  template: PromptTemplate,
  tokenizer: TextTokenizer,
  { limits }: Pick<RankerCard, 'limits'>,
  slots = passagesShown(template).least,
): Fit {
  const empty = Array.from({ length: slots }, () => ({ text: '' }));
  const tokens = (text: string) =>
    tokenizer.count(promptText(renderPrompt(template, { text }, empty))) + tokenizer.around;
  const leavesRoom = (count: number) => count + slots * LEAST_PASSAGE_TOKENS <= limits.maxTokens;
  return {
    tokens,
    leavesRoom,
    cut(query) {
      const half = Math.floor((limits.maxTokens - tokens('')) / 2);
      // Tokens at the seams may differ by a few, and a template may name the query twice: try, look, tighten.
      for (let budget = half; budget > 0; budget = Math.floor(budget * 0.9)) {
        const text = query.text.slice(0, keepTokens(tokenizer, query.text, budget));
        if (tokens(text) <= limits.maxTokens - half && leavesRoom(tokens(text))) return { ...query, text };
      }
      return { ...query, text: '' };
    },
  };
}

/** The lists, those whose queries leave no room asked with what is left of these. */
export function fitQueries<List extends { readonly query: Query; readonly asked?: Query }>(
  lists: readonly List[],
  fit: Fit,
): List[] {
  return lists.map((list) => {
    if (fit.leavesRoom(fit.tokens(list.query.text))) return list;
    const asked = fit.cut(list.query);
    // Nothing is left where the template alone is too long: the check that follows says so.
    return asked.text === '' ? list : { ...list, asked };
  });
}

/** UTF-16 units of a query that were kept, of how many; as passages' cuts are reported. */
export interface QueryCut {
  readonly kept: number;
  readonly total: number;
}

export function queryCut({
  query,
  asked,
}: {
  readonly query: Query;
  readonly asked?: Query;
}): QueryCut | undefined {
  return asked && { kept: asked.text.length, total: query.text.length };
}

export const countCut = (lists: readonly { readonly asked?: Query }[]): number =>
  lists.filter(({ asked }) => asked).length;

export function cutNote(where: string, queries: number, maxTokens: number): string {
  const are = queries === 1 ? 'query is' : 'queries are';
  return `${where}: ${counted(queries, are, are)} too long for this model (${maxTokens} tokens) and cut to leave room for passages.`;
}
