/** Random T5s in training and random lists of prompts, for tests of the training's arithmetic. */
import { sizeOf } from '../../src/onnx/tensor.ts';
import { parseT5Config, type T5Config } from '../../src/t5/config.ts';
import { type Random, seededRandom } from '../../src/t5/init-random.ts';
import { parameterShapes } from '../../src/t5/names.ts';
import type { TrainingList } from '../../src/training/list-gradient.ts';
import type { TrainableModel } from '../../src/training/trainable-model.ts';
import { openTrainable } from '../engine/trainable.ts';

const VOCABULARY = 50;

/** @param json fields of config.json that differ from the tiny model's */
export function tinyTrainable({ threads = 1, seed = 1, json = {} } = {}): TrainableModel {
  const config: T5Config = parseT5Config(
    {
      vocab_size: VOCABULARY,
      d_model: 16,
      d_kv: 4,
      d_ff: 24,
      num_heads: 2,
      num_layers: 2,
      num_decoder_layers: 1,
      feed_forward_proj: 'gated-gelu',
      tie_word_embeddings: false,
      ...json,
    },
    'tiny',
  );
  const random = seededRandom(seed);
  const weights = new Map(
    [...parameterShapes(config)].map(([name, dims]) => {
      const isNorm = name.endsWith('norm.weight');
      const draw = () => (isNorm ? 1 : 0) + 0.3 * random.normal();
      return [name, Float32Array.from({ length: sizeOf(dims) }, draw)] as const;
    }),
  );
  return openTrainable(config, weights, { threads });
}

/** A list of `size` prompts of `shortest` to `longest` tokens, with a teacher who has ties and says how sure it is. */
export function randomList(random: Random, size: number, shortest = 5, longest = 45): TrainingList {
  const prompts = Array.from({ length: size }, () => {
    const length = shortest + Math.floor((longest - shortest + 1) * random.uniform());
    return Int32Array.from({ length }, () => 2 + Math.floor((VOCABULARY - 2) * random.uniform()));
  });
  const teacherScores = prompts.map(() => Math.floor(size * random.uniform()));
  const ranks = teacherScores.map((score) => 1 + teacherScores.filter((other) => other > score).length);
  const probabilities = teacherScores.flatMap((a) => teacherScores.map((b) => 1 / (1 + Math.exp(b - a))));
  return { prompts, ranks, teacherScores, probabilities };
}
