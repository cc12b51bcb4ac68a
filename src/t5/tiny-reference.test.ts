/**
 * The scorer graph against Hugging Face's T5 on a tiny model that is in this repository, so that every
 * test run sees numbers that nobody here computed. hf-reference.test.ts holds it to larger ones.
 */
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import * as ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { parseT5Config } from './config.ts';
import { parameterShapes } from './names.ts';
import { buildScorer } from './scorer-graph.ts';
import { formulaWeights } from './testing/formula-weights.ts';
import { makeT5, type WeightMap } from './weights.ts';

interface Expected {
  /** What computed it. */
  readonly made: string;
  readonly parameters: readonly string[];
  readonly inference: readonly {
    readonly input_ids: readonly (readonly number[])[];
    readonly attention_mask: readonly (readonly number[])[];
    readonly decoder_input_ids: readonly number[];
    /** Of the last decoder position, over the whole vocabulary. */
    readonly logits: readonly (readonly number[])[];
  }[];
}

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`./testing/tiny-t5/${file}`, import.meta.url), 'utf8'));

const ints = (values: readonly number[], dims: readonly number[]) =>
  new ort.Tensor('int32', Int32Array.from(values), dims);

it('fp32 scorer equals Hugging Face T5 on the tiny model of this repository', async () => {
  const config = read('config.json');
  const expected = read('expected.json') as Expected;
  const shapes = parameterShapes(parseT5Config(config, 'config.json', true));
  expect([...shapes.keys()].sort()).toEqual(expected.parameters);
  const weights: WeightMap = new Map(
    [...shapes].map(([name, dims]) => [
      name,
      { dtype: 'float32' as const, dims, data: formulaWeights(name, dims, crc32(name)) },
    ]),
  );
  const scorer = await ort.InferenceSession.create(buildScorer(makeT5(config, weights, 'tiny/'), 'fp32'));
  for (const { input_ids, attention_mask, decoder_input_ids, logits } of expected.inference) {
    const dims = [input_ids.length, input_ids[0]!.length];
    const labels = logits[0]!.map((_, token) => token);
    const out = await scorer.run({
      input_ids: ints(input_ids.flat(), dims),
      attention_mask: ints(attention_mask.flat(), dims),
      decoder_input_ids: ints(decoder_input_ids, [decoder_input_ids.length]),
      label_ids: ints(labels, [labels.length]),
      want_log_sum_exp: new ort.Tensor('bool', [false], []),
    });
    const actual = out.logits!.data as Float32Array;
    expect(actual.length).toBe(logits.flat().length);
    const worst = Math.max(...logits.flat().map((value, i) => Math.abs(value - actual[i]!)));
    expect(worst).toBeLessThan(1e-4);
  }
});
