/** Loss, gradients and AdamW steps against Hugging Face's T5 in PyTorch (../shared/reference/hf-t5). */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../trainer/node/runtime.ts';
import { parseT5Config } from '../t5/config.ts';
import { rankNetWeights } from '../t5/loss.ts';
import { HEAD, parameterShapes } from '../t5/names.ts';
import { readSafetensors } from '../t5/safetensors.ts';
import type { LossKind } from '../t5/training-graph.ts';
import { adamW, adamWDefaults, norm, plainOptimizer } from './adamw.ts';
import { Parameters } from './parameters.ts';
import { TrainingStep } from './training-step.ts';

const root = resolve(import.meta.dirname, '../../../shared/reference/hf-t5');
const runtime = nodeRuntime(2);

interface TrainingCase {
  readonly input_ids: number[][];
  readonly attention_mask: number[][];
  readonly decoder_input_ids: number[];
  readonly label_token: number;
  readonly teacher_ranks: number[];
  readonly adamw: { readonly lr: number };
  readonly scores_after: number[];
  readonly steps: { readonly loss: number; readonly scores: number[]; readonly grad_norm: number }[];
}

async function open(folder: string) {
  const read = (file: string) => readSafetensors(readFileSync(join(root, folder, file)), file);
  const json = (file: string) => JSON.parse(readFileSync(join(root, folder, file), 'utf8'));
  const weights = read('model.safetensors');
  const config = parseT5Config(json('config.json'), 'config.json', weights.has(HEAD));
  const parameters = new Parameters(parameterShapes(config));
  for (const { name } of parameters.list) parameters.view(name).set(weights.get(name)!.data);
  const grads = new Float32Array(parameters.values.length);
  const data = (json('cases.json') as { training: TrainingCase }).training;
  const rows = data.input_ids.length;
  const shape = {
    rows,
    length: data.input_ids[0]!.length,
    decoderIds: data.decoder_input_ids,
    labelIds: [data.label_token],
    labelWeights: [1],
    loss: 'ranknet' as LossKind,
    listSize: rows,
  };
  const step = await TrainingStep.open(
    config,
    shape,
    parameters,
    parameters.tensors(runtime),
    grads,
    runtime,
  );
  const batch = {
    ids: Int32Array.from(data.input_ids.flat()),
    mask: Int32Array.from(data.attention_mask.flat()),
    target: rankNetWeights(data.teacher_ranks),
  };
  return { read, weights, parameters, grads, data, step, batch };
}

/** Largest difference as a share of the expected tensor's norm. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  const difference = actual.map((value, i) => value - expected[i]!);
  return norm(difference) / Math.max(norm(expected), 1e-12);
}

describe.skipIf(!existsSync(root))(
  'training equals PyTorch (skipped without ../shared/reference/hf-t5)',
  () => {
    it.each(['flan-tiny', 't5v1-tiny', 'wide-heads'])(
      '%s: loss, gradients, two AdamW steps',
      async (folder) => {
        const { read, weights, parameters, grads, data, step, batch } = await open(folder);
        const expectedGrads = read('grads.safetensors');
        const after = read('after2.safetensors');
        const state = plainOptimizer(parameters.values.length);
        for (const [i, expected] of data.steps.entries()) {
          const { loss, scores } = await step.run(batch);
          expect(Math.abs(loss - expected.loss)).toBeLessThan(1e-5);
          for (const [r, score] of expected.scores.entries()) expect(scores[r]).toBeCloseTo(score, 4);
          if (i === 0) {
            for (const { name } of parameters.list) {
              const want = expectedGrads.get(name)!.data;
              expect(relativeError(parameters.view(name, grads), want), name).toBeLessThan(1e-4);
            }
          }
          const total = adamW(parameters.values, grads, state, data.adamw.lr, adamWDefaults);
          expect(Math.abs(total / expected.grad_norm - 1)).toBeLessThan(1e-4);
        }
        for (const { name } of parameters.list) {
          const start = weights.get(name)!.data;
          const change = parameters.view(name).map((value, i) => value - start[i]!);
          const wanted = after.get(name)!.data.map((value, i) => value - start[i]!);
          // Two fp32 updates each round a weight by up to 6e-8 of its size; Adam magnifies tiny gradients.
          const error = relativeError(change, wanted) * norm(wanted);
          expect(error, name).toBeLessThan(2e-3 * norm(wanted) + 1.2e-7 * norm(start));
          expect(relativeError(parameters.view(name), after.get(name)!.data), name).toBeLessThan(1e-4);
        }
        const { scores } = await step.run(batch);
        expect(relativeError(scores, Float32Array.from(data.scores_after))).toBeLessThan(1e-4);
        await step.release();
      },
    );

    it('gives the same bits in every repetition of 20 steps at 2 threads', async () => {
      const run = async () => {
        const { parameters, grads, data, step, batch } = await open('flan-tiny');
        const state = plainOptimizer(parameters.values.length);
        for (let i = 0; i < 20; i++) {
          await step.run(batch);
          adamW(parameters.values, grads, state, data.adamw.lr, adamWDefaults);
        }
        await step.release();
        return Buffer.from(parameters.values.buffer).toString('base64');
      };
      const first = await run();
      const second = await run();
      expect(first === second).toBe(true);
    });
  },
);
