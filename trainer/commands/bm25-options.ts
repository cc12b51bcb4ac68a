/** BM25's parameters from the command line. */
import { checkParams, STEMMINGS } from '../../src/retrieval/params.ts';
import { type Bm25Params, DEFAULT_BM25 } from '../../src/retrieval/types.ts';
import { number, type OptionValues, oneOf } from '../cli/args.ts';

export const BM25_OPTIONS = {
  k1: { type: 'string' },
  b: { type: 'string' },
  delta: { type: 'string' },
  'keep-stop-words': { type: 'boolean', default: false },
  stemming: { type: 'string' },
} as const;

/** @throws RankscopeError 'bad-input' for what is not a number or out of range */
export function readBm25(command: string, values: OptionValues<typeof BM25_OPTIONS>): Bm25Params {
  const params = {
    ...DEFAULT_BM25,
    k1: number(command, 'k1', values.k1) ?? DEFAULT_BM25.k1,
    b: number(command, 'b', values.b) ?? DEFAULT_BM25.b,
    delta: number(command, 'delta', values.delta) ?? DEFAULT_BM25.delta,
    stopWords: !values['keep-stop-words'],
    stemming: oneOf(command, 'stemming', values.stemming, STEMMINGS) ?? DEFAULT_BM25.stemming,
  };
  checkParams(params);
  return params;
}
