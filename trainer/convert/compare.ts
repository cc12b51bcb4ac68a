/** What each dtype of a written folder costs in exactness: its scores beside fp32's on the samples. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DtypeMeasure, RankerCard } from '../../src/inference/ranker-card.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import type { T5Tokenizer } from '../../src/inference/tokenizer.ts';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { compareScores, probeScores } from '../export/measure.ts';
import { nodeRuntime } from '../node-runtime.ts';

export interface CompareListener {
  readonly step: (what: string) => void;
  readonly measured?: (dtype: Dtype, measure: DtypeMeasure) => void;
}

export async function compareWithFp32(
  output: string,
  card: RankerCard,
  { model, tokenizer }: { readonly model: T5Model; readonly tokenizer: T5Tokenizer },
  { dtypes, threads }: { readonly dtypes: readonly Dtype[]; readonly threads?: number },
  { step, measured }: CompareListener,
): Promise<Partial<Record<Dtype, DtypeMeasure>>> {
  const probe = { config: model.config, tokenizer, card };
  const runtime = nodeRuntime(threads);
  const written = async (dtype: Dtype) => new Uint8Array(await readFile(join(output, card.scorers[dtype]!)));
  const reference = await probeScores(buildScorer(model, 'fp32'), probe, runtime);
  const measures: Partial<Record<Dtype, DtypeMeasure>> = {};
  for (const dtype of dtypes) {
    step(`comparing ${dtype}`);
    const bytes = await written(dtype);
    const scores = dtype === 'fp32' ? reference : await probeScores(bytes, probe, runtime);
    const measure = compareScores(bytes.length, scores, reference, card.templates);
    measures[dtype] = measure;
    measured?.(dtype, measure);
  }
  return measures;
}
