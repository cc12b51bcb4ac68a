/** Scores many tokenised prompts with the inference graph: for labelling, validation and evaluation. */
import * as ort from 'onnxruntime-node';
import { buildScorer } from '../../src/t5/scorer-graph.ts';
import type { T5Model } from '../../src/t5/weights.ts';
import { padRows } from '../../src/training/pad-rows.ts';
import { SESSION_EXTRA } from '../node/session-options.ts';
import type { EngineOptions } from './trainable.ts';

export interface BulkScorer {
  /** Logits [prompts × labels], row-major, in the order of the prompts. */
  score(
    prompts: readonly Int32Array[],
    decoderIds: readonly number[],
    labelIds: readonly number[],
  ): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Tokens of a batch: enough work for both threads, small enough for the caches. */
const BATCH_TOKENS = 4096;

export async function openBulkScorer(model: T5Model, { threads }: EngineOptions): Promise<BulkScorer> {
  const session = await ort.InferenceSession.create(buildScorer(model, 'fp32'), {
    intraOpNumThreads: threads,
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: SESSION_EXTRA,
  });
  const ints = (values: ArrayLike<number>, dims: readonly number[]) =>
    new ort.Tensor('int32', Int32Array.from(values), dims);
  return {
    async score(prompts, decoderIds, labelIds) {
      const labels = labelIds.length;
      const out = new Float32Array(prompts.length * labels);
      // Longest first: batch-mates of like length have next to no padding.
      const order = prompts.map((_, i) => i).sort((a, b) => prompts[b]!.length - prompts[a]!.length || a - b);
      for (let from = 0; from < order.length; ) {
        const longest = prompts[order[from]!]!.length;
        const batch = order.slice(from, from + Math.max(1, Math.floor(BATCH_TOKENS / longest)));
        from += batch.length;
        const { ids, mask, length } = padRows(
          batch.map((i) => prompts[i]!),
          1,
        );
        const result = await session.run({
          input_ids: ints(ids, [batch.length, length]),
          attention_mask: ints(mask, [batch.length, length]),
          decoder_input_ids: ints(decoderIds, [decoderIds.length]),
          label_ids: ints(labelIds, [labels]),
          want_log_sum_exp: new ort.Tensor('bool', [false], []),
        });
        const logits = result.logits!.data as Float32Array;
        for (const [r, i] of batch.entries())
          out.set(logits.subarray(r * labels, (r + 1) * labels), i * labels);
      }
      return out;
    },
    release: () => session.release(),
  };
}
