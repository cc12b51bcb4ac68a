/** BM25's parameters: checked when they come from a form or a file, and written down. */
import { RankscopeError } from '../errors.ts';
import type { Bm25Params, Stemming } from './types.ts';

export const STEMMINGS: readonly Stemming[] = ['english', 'none'];

/** @throws RankscopeError 'bad-input' that names the parameter, its value and its range */
export function checkParams({ k1, b, delta }: Bm25Params): void {
  check('k1', k1, 100);
  check('b', b, 1);
  check('delta', delta, 100);
}

/** As records keep them: without stemming they are what they were before there was any. */
export function bm25Record({ stemming, ...others }: Bm25Params): Partial<Bm25Params> {
  return stemming === 'none' ? others : { ...others, stemming };
}

/** In words, for a first line of output, a note or a card. */
export function bm25Text({ k1, b, delta, stopWords, fold, stemming }: Bm25Params): string {
  const parts = [
    `k1 ${k1}`,
    `b ${b}`,
    ...(delta > 0 ? [`delta ${delta}`] : []),
    stemming === 'english' ? 'English stemming' : 'no stemming',
    `stop-words ${stopWords ? 'left out' : 'kept'}`,
    ...(fold ? [] : ['case and accents kept']),
  ];
  return `BM25 (${parts.join(', ')})`;
}

function check(name: string, value: number, max: number): void {
  if (value >= 0 && value <= max) return;
  throw new RankscopeError('bad-input', `BM25’s ${name} is ${value}. Choose a number from 0 to ${max}.`, {
    parameter: name,
    value,
  });
}
