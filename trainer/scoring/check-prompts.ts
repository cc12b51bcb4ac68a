/** What would fail in mid-run is looked for before it: label words, queries too long for the model. */

import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { badInput } from '../../src/formats/excerpt.ts';
import { labelWordsOf, type PromptTemplate, passagesShown } from '../../src/ranking/template.ts';
import type { TextTokenizer } from '../../src/tokenizer/text-tokenizer.ts';
import type { RankJob } from '../input/read-jobs.ts';
import { fitOf } from './fit-queries.ts';

/**
 * @param about.otherwise what helps beside shorter texts, in the command that asks
 * @param about.shown passages that a prompt shows
 * @throws RankscopeError 'bad-input' naming the label, or the file, line and query
 */
export function checkPrompts(
  file: string,
  jobs: readonly RankJob[],
  template: PromptTemplate,
  tokenizer: TextTokenizer,
  card: Pick<RankerCard, 'limits'>,
  {
    otherwise = 'cut such queries with --cut-queries (in a recipe, cutQueries)',
    shown = passagesShown(template).least,
  }: { readonly otherwise?: string; readonly shown?: number } = {},
): void {
  const labels = labelWordsOf(template);
  for (const label of template.kind === 'setwise' ? labels.slice(0, shown) : labels)
    tokenizer.labelId?.(label);
  const fit = fitOf(template, tokenizer, card, shown);
  for (const { query, asked = query, line } of jobs) {
    const tokens = fit.tokens(asked.text);
    if (fit.leavesRoom(tokens)) continue;
    throw badInput(
      file,
      line,
      `query ${query.id} with its instruction takes ${tokens} tokens and this model reads ${card.limits.maxTokens}: ` +
        `no room is left for a passage. Shorten the query, choose a shorter template, or ${otherwise}.`,
    );
  }
}
