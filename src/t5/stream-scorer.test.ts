/** Scorers made weight by weight: the same bytes where all is in the model, the same logits where it is not. */
import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { tinyModel } from '../../trainer/testing/tiny-checkpoint.ts';
import { memoryWriter } from '../bytes/memory.ts';
import { readAll } from '../bytes/read.ts';
import { sha256 } from '../bytes/sha256.ts';
import { buildScorer, type ScorerDtype } from './scorer-graph.ts';
import { scorerBytes, streamScorer } from './stream-scorer.ts';
import type { T5Model } from './weights.ts';

const DTYPES: readonly ScorerDtype[] = ['fp32', 'int8', 'q8', 'q4'];
const reader = ({ config, weights }: T5Model, seen: string[] = []) => ({
  config,
  read: async (name: string) => {
    seen.push(name);
    return weights.get(name)!.data;
  },
});

async function external(model: T5Model, dtype: ScorerDtype) {
  const writer = memoryWriter('x/');
  const file = { location: 'weights.bin', create: () => writer.create('weights.bin') };
  const made = await streamScorer(reader(model), dtype, file, {
    externalFrom: 0,
    inlineBelow: 0,
  });
  return { ...made, bytes: await readAll(await writer.open('weights.bin')) };
}

const never = {
  location: 'none',
  create: () => {
    throw new Error('a small scorer needs no file');
  },
};

async function logits(session: ort.InferenceSession, wanted: boolean): Promise<number[]> {
  const ints = (values: number[], dims: number[]) => new ort.Tensor('int32', Int32Array.from(values), dims);
  const out = await session.run({
    input_ids: ints([5, 6, 7, 1, 9, 1, 0, 0], [2, 4]),
    attention_mask: ints([1, 1, 1, 1, 1, 1, 0, 0], [2, 4]),
    decoder_input_ids: ints([0], [1]),
    label_ids: ints([3, 4], [2]),
    want_log_sum_exp: new ort.Tensor('bool', [wanted], []),
  });
  return [...(out.logits!.data as Float32Array), ...(out.log_sum_exp!.data as Float32Array)];
}

describe.each(DTYPES)('%s', (dtype) => {
  const model = tinyModel({ seed: 5 });

  it('inside the model: the bytes of buildScorer', async () => {
    for (const narrow of ['weights', 'activations'] as const) {
      const { model: bytes, data } = await streamScorer(reader(model), dtype, never, {
        narrow,
      });
      expect(data).toBeUndefined();
      expect(Buffer.compare(bytes, buildScorer(model, dtype, { narrow }))).toBe(0);
    }
  });

  it('are the bytes that earlier versions made', async () => {
    const known = {
      fp32: 'd0e3332e04797069',
      int8: '1e027be48c794034',
      q8: '431bba1ca77eeee7',
      q4: 'af12448a8bb849cb',
    };
    expect((await sha256(buildScorer(model, dtype))).slice(0, 16)).toBe(known[dtype]);
  });

  it('beside the model: the same logits, also of the whole vocabulary (an If branch), from bytes given', async () => {
    const { model: bytes, data, bytes: weights } = await external(model, dtype);
    expect(data).toEqual({ bytes: weights.length, sha256: await sha256(weights) });
    const inline = buildScorer(model, dtype);
    expect(bytes.length).toBeLessThan(inline.length);
    const whole = await ort.InferenceSession.create(inline, { intraOpNumThreads: 1 });
    const split = await ort.InferenceSession.create(bytes, {
      intraOpNumThreads: 1,
      externalData: [{ path: 'weights.bin', data: weights }],
    });
    for (const wanted of [false, true]) {
      expect(await logits(split, wanted)).toEqual(await logits(whole, wanted));
    }
    await whole.release();
    await split.release();
  });

  it('counts its bytes before any weight is read', async () => {
    const { total, external: beside } = scorerBytes(model.config, dtype);
    expect(beside).toBe(0);
    const { length } = buildScorer(model, dtype);
    expect(total).toBeLessThan(length);
    expect(total).toBeGreaterThan(0.5 * length);
  });
});

it('reads every weight once but the small ones, and one at a time', async () => {
  const model = tinyModel({ seed: 5 });
  const seen: string[] = [];
  await streamScorer(reader(model, seen), 'int8', never);
  expect([...seen].sort()).toEqual([...model.weights.keys()].sort());
});

it('other weights give another digest of the model, though only the file beside it differs', async () => {
  const one = tinyModel({ seed: 5 });
  const name = 'shared.weight';
  const shared = one.weights.get(name)!;
  const changed = {
    ...shared,
    data: Float32Array.from(shared.data, (value, i) => (i === 3 ? -value : value)),
  };
  const other = { ...one, weights: new Map(one.weights).set(name, changed) };
  const [a, b] = [await external(one, 'fp32'), await external(other, 'fp32')];
  expect(await sha256(a.model)).not.toBe(await sha256(b.model));
});

it('ends when it is cancelled, whenever that is', async () => {
  const model = tinyModel({ seed: 5 });
  await fc.assert(
    fc.asyncProperty(fc.nat(20), async (after) => {
      const signal = { aborted: false };
      let reads = 0;
      const read = async (weight: string) => {
        if (reads++ === after) signal.aborted = true;
        return model.weights.get(weight)!.data;
      };
      const made = streamScorer({ config: model.config, read }, 'q8', never, { signal });
      await expect(made).rejects.toMatchObject({ code: 'cancelled' });
    }),
    { numRuns: 6 },
  );
});
