/** BM25's parameters from the command line. */
import { checkParams, STEMMINGS } from '../../src/retrieval/params.ts';
import { type Bm25Params, DEFAULT_BM25 } from '../../src/retrieval/types.ts';
import { flag, type OptionValues, ruled } from '../cli/options.ts';
import { among, anyNumber } from '../cli/rule.ts';

export const BM25_GROUP = {
  k1: ruled(
    anyNumber,
    'X',
    `BM25's saturation of term counts (default ${DEFAULT_BM25.k1}; Anserini has 0.9)`,
  ),
  b: ruled(
    anyNumber,
    'X',
    `BM25's share of length normalisation (default ${DEFAULT_BM25.b}; Anserini has 0.4)`,
  ),
  delta: ruled(anyNumber, 'X', `BM25+ lower bound (default ${DEFAULT_BM25.delta}: plain BM25)`),
  stemming: ruled(
    among(STEMMINGS),
    'NAME',
    "english (default): “deduct” finds “deductible”, by Porter's algorithm, as in Lucene and Anserini; or none",
  ),
  keepStopWords: flag('index English function words too (default: left out, as in the paper)'),
};

/** @throws RankscopeError 'bad-input' for what is out of range */
export function readBm25(values: OptionValues<{ bm25: typeof BM25_GROUP }>): Bm25Params {
  const params = {
    ...DEFAULT_BM25,
    k1: values.k1 ?? DEFAULT_BM25.k1,
    b: values.b ?? DEFAULT_BM25.b,
    delta: values.delta ?? DEFAULT_BM25.delta,
    stopWords: !values.keepStopWords,
    stemming: values.stemming ?? DEFAULT_BM25.stemming,
  };
  checkParams(params);
  return params;
}
