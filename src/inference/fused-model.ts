/** The fused scorer graph (src/t5/scorer-graph.ts) as a LabelModel: one session, and label rows of the head only. */
import type { LabelAnswer, LabelModel } from './label-model.ts';
import type { Runtime, RuntimeSession } from './runtime.ts';

export function fusedModel(runtime: Runtime, session: RuntimeSession): LabelModel {
  return {
    begin({ decoderIds, labelIds, logSumExp }) {
      const shared = {
        decoder_input_ids: runtime.tensor('int32', decoderIds, [decoderIds.length]),
        label_ids: runtime.tensor('int32', labelIds, [labelIds.length]),
        want_log_sum_exp: runtime.tensor('bool', Uint8Array.of(logSumExp ? 1 : 0), []),
      };
      return ({ ids, mask, rows, length }) => {
        const feeds = {
          ...shared,
          input_ids: runtime.tensor('int32', ids, [rows, length]),
          attention_mask: runtime.tensor('int32', mask, [rows, length]),
        };
        return async (): Promise<LabelAnswer> => {
          const out = await session.run(feeds);
          return {
            logits: out.logits!.data as Float32Array,
            logSumExp: logSumExp ? (out.log_sum_exp!.data as Float32Array) : undefined,
            dispose() {
              for (const value of Object.values(out)) value.dispose?.();
            },
          };
        };
      };
    },
    release: () => session.release(),
  };
}
