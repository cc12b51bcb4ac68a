/** Whether a tokenizer, a model's weights and the labels of a card belong together. */
import { messageOf, RankscopeError } from '../errors.ts';
import { labelsOf } from '../ranking/template.ts';
import type { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import type { CardTemplate } from './ranker-card.ts';

/**
 * More tokens than the model has rows for would be looked up behind the end of its table.
 * @param folder ends in `/`
 * @throws RankscopeError 'bad-checkpoint' that names both files and both figures
 */
export function checkVocabulary(
  tokenizer: Pick<T5Tokenizer, 'size'>,
  vocabSize: number,
  folder: string,
): void {
  if (tokenizer.size <= vocabSize) return;
  throw new RankscopeError(
    'bad-checkpoint',
    `${folder}tokenizer.json has ${tokenizer.size} tokens, and ${folder}config.json has vocab_size ${vocabSize}: they do not belong to the same checkpoint. ` +
      'Take both files from the same folder, or export the checkpoint again.',
    { tokens: tokenizer.size, vocabSize },
  );
}

/**
 * Labels are what a model's answers are read by.
 * @param file the card's name
 * @throws RankscopeError 'bad-checkpoint' for one that is not a token of the model, and for two that are the same
 */
export function checkLabels(templates: readonly CardTemplate[], tokenizer: T5Tokenizer, file: string): void {
  for (const template of templates) {
    const { id } = template;
    const seen = new Map<number, string>();
    for (const label of labelsOf(template)) {
      let token: number;
      try {
        token = tokenizer.labelId(label);
      } catch (error) {
        const why = messageOf(error);
        throw new RankscopeError('bad-checkpoint', `${file}: template “${id}”: ${why}`, { template: id });
      }
      const same = seen.get(token);
      if (same !== undefined) {
        throw new RankscopeError(
          'bad-checkpoint',
          `${file}: the labels “${same}” and “${label}” of template “${id}” are the same token for this model, so its answers could not be told apart. Correct "labels".`,
          { template: id },
        );
      }
      seen.set(token, label);
    }
  }
}
