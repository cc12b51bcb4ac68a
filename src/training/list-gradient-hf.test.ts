/** Loss and gradients in chunks against Hugging Face's T5 in PyTorch (../shared/reference/hf-t5). */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTrainable } from '../../trainer/engine/trainable.ts';
import { parseT5Config } from '../t5/config.ts';
import { HEAD } from '../t5/names.ts';
import { readSafetensors } from '../t5/safetensors.ts';
import { norm } from './adamw.ts';
import { ListGradient } from './list-gradient.ts';

const root = resolve(import.meta.dirname, '../../../shared/reference/hf-t5');

interface TrainingCase {
  readonly input_ids: number[][];
  readonly attention_mask: number[][];
  readonly decoder_input_ids: number[];
  readonly label_token: number;
  readonly teacher_ranks: number[];
  readonly steps: { readonly loss: number; readonly scores: number[] }[];
}

describe.skipIf(!existsSync(root))(
  'lists in chunks equal PyTorch (skipped without ../shared/reference/hf-t5)',
  () => {
    it.each(['flan-tiny', 't5v1-tiny', 'wide-heads'])('%s', async (folder) => {
      const read = (file: string) => readSafetensors(readFileSync(join(root, folder, file)), file);
      const json = (file: string) => JSON.parse(readFileSync(join(root, folder, file), 'utf8'));
      const weights = read('model.safetensors');
      const config = parseT5Config(json('config.json'), 'config.json', weights.has(HEAD));
      const values = new Map([...weights].map(([name, { data }]) => [name, data as Float32Array]));
      const model = openTrainable(config, values, { threads: 2 });
      const { training } = json('cases.json') as { training: TrainingCase };
      const prompts = training.input_ids.map((ids, r) =>
        Int32Array.from(ids.filter((_, i) => training.attention_mask[r]![i] === 1)),
      );
      const list = { prompts, ranks: training.teacher_ranks, teacherScores: training.teacher_ranks };
      const gradient = ListGradient.open(model, {
        loss: 'ranknet',
        labelIds: [training.label_token],
        labelWeights: [1],
        decoderIds: training.decoder_input_ids,
        chunkTokens: 40,
      });
      const { loss, scores } = await gradient.gradient([list], 1, false);
      expect(gradient.compiled, 'more than one chunk').toBeGreaterThan(1);
      await gradient.release();

      const [expected] = training.steps;
      expect(Math.abs(loss - expected!.loss)).toBeLessThan(1e-5);
      for (const [i, score] of expected!.scores.entries()) expect(scores[0]![i]).toBeCloseTo(score, 4);
      const wanted = read('grads.safetensors');
      for (const { name } of model.parameters.list) {
        const want = wanted.get(name)!.data as Float32Array;
        const difference = model.parameters.view(name, model.grads).map((value, i) => value - want[i]!);
        expect(norm(difference), name).toBeLessThan(1e-4 * norm(want) + 1e-16);
      }
    });
  },
);
