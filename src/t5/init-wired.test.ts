/** The wired start answers by word matching before any training; a usual random start cannot. */
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { float32 } from '../onnx/tensor.ts';
import type { T5Config } from './config.ts';
import { orthonormalRows, seededRandom } from './init-random.ts';
import { type WiredStart, wiredStart } from './init-wired.ts';
import { parameterShapes } from './names.ts';
import { buildScorer } from './scorer-graph.ts';

const config: T5Config = {
  vocabSize: 300,
  dModel: 128,
  dKv: 32,
  dFf: 64,
  numHeads: 4,
  encoderLayers: 2,
  decoderLayers: 1,
  buckets: 32,
  maxDistance: 128,
  epsilon: 1e-6,
  gated: false,
  activation: 'relu',
  tiedHead: true,
  scaledHead: true,
  padId: 0,
  eosId: 1,
  decoderStartId: 0,
};

// Pieces: 2–5 labels A, Yes, B, No; 6, 7, 8 markers; from 9 on words.
const [A, B, FIRST, SECOND, QUERY, WORDS] = [2, 4, 6, 7, 8, 9];

function start(): WiredStart {
  const random = seededRandom(11);
  const vectorSize = 95;
  return {
    seed: 1,
    vectors: Float32Array.from({ length: config.vocabSize * vectorSize }, () => random.normal()),
    vectorSize,
    idf: Float64Array.from({ length: config.vocabSize }, (_, i) => (i % 3 === 0 ? 1 : 6)),
    counts: Float64Array.from({ length: config.vocabSize }, (_, i) => (i % 3 === 0 ? 50 : 5)),
    markers: { first: [FIRST], second: [SECOND], query: [QUERY] },
    labels: { positive: [A, 3], negative: [B, 5] },
  };
}

interface Matching {
  /** Share of questions that came out right. */
  readonly accuracy: number;
  /** Mean lead of the passage with the query's words, in logits. */
  readonly lead: number;
}

/**
 * Share of questions "A: … Query: … B: …" where the passage with the query's words gets more as A
 * than the other one does; asking both orders cancels a preference for a place.
 */
async function matching(
  weights: ReadonlyMap<string, Float32Array>,
  labels: readonly [number, number] = [A, B],
): Promise<Matching> {
  const shapes = parameterShapes(config);
  const tensors = new Map([...weights].map(([name, data]) => [name, float32(shapes.get(name)!, data)]));
  const session = await ort.InferenceSession.create(buildScorer({ config, weights: tensors }, 'fp32'), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const random = seededRandom(21);
  const word = () => WORDS + Math.floor(random.uniform() * (config.vocabSize - WORDS));
  const words = (count: number) => Array.from({ length: count }, word);
  const rows: number[][] = [];
  const questions = 200;
  for (let i = 0; i < questions; i++) {
    const query = words(4);
    const good = words(20);
    for (const [k, piece] of query.slice(0, 3).entries()) good[3 + 5 * k] = piece;
    const bad = words(20);
    rows.push([FIRST, ...good, QUERY, ...query, SECOND, ...bad, 1]);
    rows.push([FIRST, ...bad, QUERY, ...query, SECOND, ...good, 1]);
  }
  const length = rows[0]!.length;
  const ints = (values: number[], dims: number[]) => new ort.Tensor('int32', Int32Array.from(values), dims);
  const { logits } = await session.run({
    input_ids: ints(rows.flat(), [rows.length, length]),
    attention_mask: ints(
      rows.flat().map(() => 1),
      [rows.length, length],
    ),
    decoder_input_ids: ints([0], [1]),
    label_ids: ints([...labels], [2]),
    want_log_sum_exp: new ort.Tensor('bool', [false], []),
  });
  await session.release();
  const data = logits!.data as Float32Array;
  const margin = (row: number) => data[2 * row]! - data[2 * row + 1]!;
  const leads = Array.from({ length: questions }, (_, i) => margin(2 * i) - margin(2 * i + 1));
  return {
    accuracy: leads.filter((lead) => lead > 0).length / questions,
    lead: leads.reduce((sum, lead) => sum + lead, 0) / questions,
  };
}

const matchAccuracy = async (weights: ReadonlyMap<string, Float32Array>): Promise<number> =>
  (await matching(weights)).accuracy;

describe('wiredStart', () => {
  it('prefers the passage that has the words of the query, whichever it is', async () => {
    expect(await matchAccuracy(wiredStart(config, start()))).toBeGreaterThan(0.65);
  });

  it('lets Yes and No say the same, or next to nothing of it where they stand apart', async () => {
    const [yes, no] = [3, 5];
    expect((await matching(wiredStart(config, start()), [yes, no])).accuracy).toBeGreaterThan(0.65);
    const labels = { positive: [A], negative: [B] };
    const apart = wiredStart(config, { ...start(), labels, apart: { positive: [yes], negative: [no] } });
    const compared = await matching(apart);
    expect(compared.accuracy).toBeGreaterThan(0.65);
    // What random weights let through is a fraction of what is wired.
    expect(Math.abs((await matching(apart, [yes, no])).lead)).toBeLessThan(0.25 * compared.lead);
  });

  it('does so because of the wiring: ordinary random weights are at chance', async () => {
    const random = seededRandom(5);
    const weights = new Map(
      [...parameterShapes(config)].map(([name, dims]) => {
        const size = dims.reduce((product, dim) => product * dim, 1);
        const norm = name.endsWith('layer_norm.weight');
        return [
          name,
          Float32Array.from({ length: size }, () => (norm ? 1 : random.normal() * 0.09)),
        ] as const;
      }),
    );
    const accuracy = await matchAccuracy(weights);
    expect(accuracy).toBeGreaterThan(0.35);
    expect(accuracy).toBeLessThan(0.6);
  });

  it('is the same for the same seed', () => {
    const [one, two] = [wiredStart(config, start()), wiredStart(config, start())];
    for (const [name, values] of one) {
      const again = two.get(name)!;
      expect(
        values.every((value, i) => value === again[i]),
        name,
      ).toBe(true);
    }
  });

  it('says what a configuration lacks', () => {
    expect(() => wiredStart({ ...config, dModel: 64 }, start())).toThrow(/d_model of at least 112/);
  });
});

describe('orthonormalRows', () => {
  it('gives rows of length 1 at right angles', () => {
    const rows = orthonormalRows(seededRandom(3), 5, 9);
    for (let a = 0; a < 5; a++) {
      for (let b = 0; b < 5; b++) {
        let dot = 0;
        for (let c = 0; c < 9; c++) dot += rows[a * 9 + c]! * rows[b * 9 + c]!;
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 10);
      }
    }
  });
});
