/** What would fail in mid-run is looked for before it: label words, queries too long for the model. */
import { badInput } from '../../src/formats/excerpt.ts';
import type { RankerCard } from '../../src/inference/ranker-card.ts';
import type { T5Tokenizer } from '../../src/inference/tokenizer.ts';
import type { PromptTemplate } from '../../src/ranking/template.ts';
import { promptText, renderPrompt } from '../../src/ranking/templates.ts';
import type { RankJob } from './read-input.ts';

/** Tokens that must be left for each passage: fewer tell the model nothing. */
const LEAST_PASSAGE_TOKENS = 4;

/** @throws RankscopeError 'bad-input' naming the label, or the file, line and query. */
export function checkPrompts(
  file: string,
  jobs: readonly RankJob[],
  template: PromptTemplate,
  tokenizer: T5Tokenizer,
  { limits }: Pick<RankerCard, 'limits'>,
): void {
  for (const label of template.labels) tokenizer.labelId(label);
  const slots = template.kind === 'pairwise' ? 2 : 1;
  const empty = Array.from({ length: slots }, () => ({ text: '' }));
  for (const { query, line } of jobs) {
    const tokens = tokenizer.count(promptText(renderPrompt(template, query, empty))) + 1;
    if (tokens + slots * LEAST_PASSAGE_TOKENS <= limits.maxTokens) continue;
    throw badInput(
      file,
      line,
      `query ${query.id} with its instruction takes ${tokens} tokens and this model reads ${limits.maxTokens}: ` +
        'no room is left for a passage. Shorten the query or choose a shorter template.',
    );
  }
}
