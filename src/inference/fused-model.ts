/**
 * The fused scorer graph (src/t5/scorer-graph.ts) as a LabelModel: one session, and label rows of the head only. Texts are
 * judged and written by an encoder and a decoder, made of the scorer's own weights when they are first asked for
 * (fused-text.ts).
 */
import { FusedText, type TextSource } from './fused-text.ts';
import type { LabelAnswer, LabelModel } from './label-model.ts';
import type { Runtime, RuntimeSession } from './runtime.ts';

/** @param source absent: each token of a text costs a run of the scorer */
export function fusedModel(runtime: Runtime, session: RuntimeSession, source?: TextSource): LabelModel {
  const scorer = (run: <T>(work: Work<T>) => Promise<T>) => ({ begin: beginOn(runtime, run) });
  if (!source) return { ...scorer((work) => work(session)), release: () => session.release() };
  const text = new FusedText(runtime, session, source, (own) => scorer((work) => work(own)));
  return {
    ...scorer((work) => text.withScorer(work)),
    async readyForText() {
      const taken = await text.take();
      taken?.done();
      return taken !== undefined;
    },
    async judge(batch, start, target) {
      const taken = await text.take();
      try {
        return await taken?.model.judge(batch, start, target);
      } finally {
        taken?.done();
      }
    },
    async write(batch, start) {
      const taken = await text.take();
      if (!taken) return undefined;
      try {
        const { logits, next, dispose } = await taken.model.write(batch, start);
        const end = () => {
          dispose();
          taken.done();
        };
        return { logits, next, dispose: end };
      } catch (error) {
        taken.done();
        throw error;
      }
    },
    release: () => text.release(),
  };
}

type Work<T> = (session: RuntimeSession) => Promise<T>;

/** @param on gives the session of a run */
function beginOn(
  runtime: Pick<Runtime, 'tensor'>,
  on: <T>(work: Work<T>) => Promise<T>,
): LabelModel['begin'] {
  return ({ decoderIds, labelIds, logSumExp }) => {
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
        const out = await on((session) => session.run(feeds));
        return {
          logits: out.logits!.data as Float32Array,
          logSumExp: logSumExp ? (out.log_sum_exp!.data as Float32Array) : undefined,
          dispose() {
            for (const value of Object.values(out)) value.dispose?.();
          },
        };
      };
    };
  };
}
