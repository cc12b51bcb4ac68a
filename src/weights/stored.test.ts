/** Checkpoints as they are found in the wild load to the logits Hugging Face gives. */
import { existsSync, readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { describe, expect, it, vi } from 'vitest';
import { nodeFolder } from '../../trainer/node/folder.ts';
import { refusal } from '../../trainer/testing/temporary.ts';
import { openWeights } from '../checkpoint/find-weights.ts';
import { readConfig } from '../checkpoint/hf-folder.ts';
import { buildScorer } from '../t5/scorer-graph.ts';
import type { T5Model } from '../t5/weights.ts';
import { planModel } from './plan-model.ts';
import { readModel } from './read-model.ts';

const ROOT = new URL('../../../shared/reference/hf-t5/stored/', import.meta.url).pathname;
const present = existsSync(ROOT);

async function load(folder: string): Promise<T5Model> {
  const path = nodeFolder(`${ROOT}${folder}`);
  const files = await openWeights(path);
  try {
    const config = await readConfig(path);
    return await readModel(planModel(config, files.tensors, `${path.name}config.json`), config, path.name);
  } finally {
    await files.close();
  }
}

interface Expected {
  readonly input_ids: number[][];
  readonly attention_mask: number[][];
  readonly decoder_input_ids: number[];
  readonly logits: number[][];
}

async function worstLogit(model: T5Model, expected: Expected): Promise<number> {
  const session = await ort.InferenceSession.create(buildScorer(model, 'fp32'), { intraOpNumThreads: 1 });
  const ints = (values: number[], dims: number[]) => new ort.Tensor('int32', Int32Array.from(values), dims);
  const shape = [expected.input_ids.length, expected.input_ids[0]!.length];
  const vocabulary = expected.logits[0]!.map((_, i) => i);
  const { logits } = await session.run({
    input_ids: ints(expected.input_ids.flat(), shape),
    attention_mask: ints(expected.attention_mask.flat(), shape),
    decoder_input_ids: ints(expected.decoder_input_ids, [expected.decoder_input_ids.length]),
    label_ids: ints(vocabulary, [vocabulary.length]),
    want_log_sum_exp: new ort.Tensor('bool', [false], []),
  });
  await session.release();
  const actual = logits!.data as Float32Array;
  const wanted = expected.logits.flat();
  expect(actual.length).toBe(wanted.length);
  return wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(value - actual[i]!)), 0);
}

describe.skipIf(!present)(
  'stored checkpoints of Hugging Face (skipped when ../shared/reference/hf-t5 is missing)',
  () => {
    for (const folder of ['bf16', 'fp16', 'sharded', 'transformers5', 'bin', 'bin-views']) {
      it(`${folder} loads to its expected logits`, async () => {
        const expected = JSON.parse(readFileSync(`${ROOT}${folder}/expected.json`, 'utf8')) as Expected;
        expect(await worstLogit(await load(folder), expected)).toBeLessThan(1e-4);
      });
    }

    it('bin-hostile is refused by name, and nothing of it is called', async () => {
      const print = vi.spyOn(console, 'log');
      const message = await refusal(() => load('bin-hostile'));
      expect(message).toContain('bin-hostile/pytorch_model.bin');
      expect(message).toContain('__builtin__.print');
      expect(message).toContain('it was refused, and nothing in the file was run');
      expect(print).not.toHaveBeenCalled();
      print.mockRestore();
    });
  },
);
