/**
 * Two sessions against Hugging Face and against the fused graph. Exports: ../shared/reference/transformers-js-t5; their
 * truth: ../shared/reference/hf-t5. Where they are missing, graphs of our own stand in.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { tinyModel } from '../../trainer/testing/tiny-checkpoint.ts';
import { readSafetensors } from '../t5/safetensors.ts';
import { buildScorer } from '../t5/scorer-graph.ts';
import { pairGraphs } from '../t5/testing/pair-graphs.ts';
import { makeT5, type T5Model } from '../t5/weights.ts';
import { encoderDecoderModel } from './encoder-decoder-model.ts';
import { fusedModel } from './fused-model.ts';
import type { LabelModel, TokenBatch } from './label-model.ts';

const REFERENCE = new URL('../../../shared/reference/', import.meta.url).pathname;
const present = existsSync(`${REFERENCE}transformers-js-t5`);
const runtime = nodeRuntime(1);
/** Noise between two ways to add fp32 numbers. */
const SAME = 1e-5;

interface Case {
  readonly input_ids: number[][];
  readonly attention_mask: number[][];
  readonly decoder_input_ids: number[];
  readonly logits: number[][];
}

const session = (bytes: Uint8Array) => runtime.createSession(bytes);
const read = (path: string) => readFileSync(REFERENCE + path);

const batchOf = ({ input_ids: ids, attention_mask: mask }: Pick<Case, 'input_ids' | 'attention_mask'>) => ({
  ids: Int32Array.from(ids.flat()),
  mask: Int32Array.from(mask.flat()),
  rows: ids.length,
  length: ids[0]!.length,
});

async function ask(model: LabelModel, batch: TokenBatch, decoderIds: readonly number[], labels: number[]) {
  const call = {
    decoderIds: Int32Array.from(decoderIds),
    labelIds: Int32Array.from(labels),
    logSumExp: true,
  };
  const answer = await model.begin(call)(batch)();
  const copied = { logits: [...answer.logits], logSumExp: [...answer.logSumExp!] };
  answer.dispose();
  return copied;
}

const worst = (a: readonly number[], b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
};

const logSumExp = (values: number[]) => {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
};

/** A case's rows one by one, each without its padding. */
const rowsOf = (item: Case) =>
  item.input_ids.map((ids, r) => {
    const own = ids.slice(
      0,
      item.attention_mask[r]!.reduce((sum, one) => sum + one, 0),
    );
    return batchOf({ input_ids: [own], attention_mask: [own.map(() => 1)] });
  });

async function pairIn(
  folder: string,
  { heads, headSize }: { heads: number; headSize: number },
  names: string[],
) {
  const [encoder, decoder] = await Promise.all(
    names.map((name) => session(read(`${folder}/onnx/${name}.onnx`))),
  );
  return encoderDecoderModel({ runtime, encoder: encoder!, decoder: decoder!, heads, headSize });
}

describe.skipIf(!present)('optimum’s exports (skipped where ../shared/reference is missing)', () => {
  for (const [name, folder] of [
    ['flan-tiny', 'transformers-js-t5/flan-tiny-onnx'],
    ['t5v1-tiny', 'transformers-js-t5/t5v1-tiny-onnx'],
  ] as const) {
    const load = (): T5Model =>
      makeT5(
        JSON.parse(read(`${folder}/config.json`).toString()),
        readSafetensors(read(`${folder}/model.safetensors`), folder),
        `${folder}/`,
      );
    const cases = () => JSON.parse(read(`hf-t5/${name}/cases.json`).toString()).inference as Case[];

    for (const decoder of ['decoder_model', 'decoder_model_merged']) {
      it(`${name}, fp32, ${decoder}: as Hugging Face and as the fused graph`, async () => {
        const t5 = load();
        const { numHeads: heads, dKv: headSize, vocabSize } = t5.config;
        const pair = await pairIn(folder, { heads, headSize }, ['encoder_model', decoder]);
        const fused = fusedModel(runtime, await session(buildScorer(t5, 'fp32')));
        const labels = Array.from({ length: vocabSize }, (_, i) => i);
        for (const item of cases()) {
          const [two, one] = await Promise.all(
            [pair, fused].map((model) => ask(model, batchOf(item), item.decoder_input_ids, labels)),
          );
          expect(worst(two!.logits, item.logits.flat())).toBeLessThan(SAME);
          expect(worst(two!.logSumExp, item.logits.map(logSumExp))).toBeLessThan(SAME);
          expect(worst(two!.logits, one!.logits)).toBeLessThan(SAME);
          expect(worst(two!.logSumExp, one!.logSumExp)).toBeLessThan(SAME);
          // Few labels, in another order: the right columns of the last position.
          const few = await ask(pair, batchOf(item), item.decoder_input_ids, [7, 3]);
          expect(
            worst(
              few.logits,
              item.logits.flatMap((row) => [row[7]!, row[3]!]),
            ),
          ).toBeLessThan(SAME);
        }
        await Promise.all([pair.release(), fused.release()]);
      });
    }

    for (const [dtype, names, alone] of [
      ['fp32', ['encoder_model', 'decoder_model_merged'], true],
      ['q4', ['encoder_model_q4', 'decoder_model_merged_q4'], true],
      ['q8', ['encoder_model_quantized', 'decoder_model_merged_quantized'], false],
    ] as const) {
      it(`${name}, ${dtype}: a row's numbers ${alone ? 'do not depend' : 'depend'} on its batch`, async () => {
        const { numHeads: heads, dKv: headSize } = load().config;
        const pair = await pairIn(folder, { heads, headSize }, [...names]);
        let most = 0;
        for (const item of cases()) {
          const together = await ask(pair, batchOf(item), item.decoder_input_ids, [3, 4]);
          for (const [r, row] of rowsOf(item).entries()) {
            const single = await ask(pair, row, item.decoder_input_ids, [3, 4]);
            most = Math.max(most, worst(together.logits.slice(2 * r, 2 * r + 2), single.logits));
          }
        }
        if (alone) expect(most).toBeLessThan(SAME);
        else expect(most).toBeGreaterThan(1e-3);
        await pair.release();
      });
    }
  }
});

describe('a pair of our own making', () => {
  const batch: TokenBatch = {
    ids: Int32Array.of(5, 9, 12, 1, 7, 1, 0, 0, 3, 4, 1, 0),
    mask: Int32Array.of(1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0),
    rows: 3,
    length: 4,
  };

  for (const dtype of ['fp32', 'q8', 'q4'] as const) {
    it(`${dtype}: gives the fused graph's logits, prefixes of one and three tokens`, async () => {
      const t5 = tinyModel({ config: { scale_decoder_outputs: dtype !== 'q8' } });
      const { numHeads: heads, dKv: headSize } = t5.config;
      const graphs = pairGraphs(t5, dtype);
      const pair = encoderDecoderModel({
        runtime,
        heads,
        headSize,
        encoder: await session(graphs.encoder),
        decoder: await session(graphs.decoder),
      });
      const fused = fusedModel(runtime, await session(buildScorer(t5, dtype)));
      for (const prefix of [[0], [0, 8, 11]]) {
        const [two, one] = await Promise.all(
          [pair, fused].map((model) => ask(model, batch, prefix, [6, 2, 9])),
        );
        expect(worst(two!.logits, one!.logits)).toBeLessThan(SAME);
        expect(worst(two!.logSumExp, one!.logSumExp)).toBeLessThan(SAME);
      }
      await expect(ask(pair, batch, [0], [t5.config.vocabSize])).rejects.toThrow(
        /tokens, and a label is token/,
      );
      await Promise.all([pair.release(), fused.release()]);
    });
  }
});
