/**
 * How a checkpoint reads text: its limits and its tokenizer. A scorer's digest does not say, and a folder may be
 * exported anew with others around the same scorer: answers made with those must not be reused.
 */
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';

export function readingOf({ limits, files }: Pick<RankerCard, 'limits' | 'files'>) {
  return { limits, tokenizer: (files['tokenizer.json'] ?? files['spiece.model'])?.sha256 ?? '' };
}
