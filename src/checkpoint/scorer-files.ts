/** The files of a scorer: the model, and where it is large the weights beside it. */
import type { Dtype } from '../inference/scorer.ts';
import type { RankerCard } from './ranker-card.ts';

type Files = Pick<RankerCard, 'scorers' | 'externalData' | 'files'>;

/** Paths inside the folder; none for a dtype that the card does not list. */
export function scorerFiles({ scorers, externalData }: Omit<Files, 'files'>, dtype: Dtype): string[] {
  return [scorers[dtype], externalData?.[dtype]].filter((path) => path !== undefined);
}

/** Bytes of all its files. */
export function scorerFileBytes(card: Files, dtype: Dtype): number {
  return scorerFiles(card, dtype).reduce((sum, path) => sum + (card.files[path]?.bytes ?? 0), 0);
}
