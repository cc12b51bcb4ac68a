/** RankNet against allRank's numbers (../shared/reference/ranknet), run by onnxruntime-node. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../onnx/encode.ts';
import { Graph } from '../onnx/graph.ts';
import { listwise, logistic, rankNet, rankNetWeights, softRankNetWeights } from './loss.ts';

const path = resolve(import.meta.dirname, '../../../shared/reference/ranknet/vectors.json');

interface RankNetCase {
  readonly name: string;
  readonly y_pred: number[];
  readonly y_true: number[];
  readonly expected: number;
  /** Of the pairs in the order (0, 1), (0, 2), (1, 2); absent: 1 each. */
  readonly weights?: number[];
}

async function evaluate(g: Graph, feeds: Record<string, [number[], number[]]>): Promise<number> {
  const session = await ort.InferenceSession.create(encodeModel(g), { intraOpNumThreads: 1 });
  const tensors = Object.entries(feeds).map(([name, [data, dims]]) => [
    name,
    new ort.Tensor('float64', Float64Array.from(data), dims),
  ]);
  const { loss } = await session.run(Object.fromEntries(tensors));
  await session.release();
  return (loss!.data as Float64Array)[0]!;
}

async function rankNetLoss(
  scores: number[],
  ranks: number[],
  weights: ArrayLike<number> = rankNetWeights(ranks),
): Promise<number> {
  const n = scores.length;
  const g = new Graph({ float: 'float64' });
  const loss = rankNet(g, g.input('scores', 'float64', [1, n]), g.input('weights', 'float64', [1, n, n]));
  g.output(loss, 'loss');
  return evaluate(g, { scores: [scores, [1, n]], weights: [Array.from(weights), [1, n, n]] });
}

/** Pair weights, a mean over the pairs as in allRank: the fed weights divided by their number. */
function weighted(n: number, weights: readonly number[]): number[] {
  const matrix = new Array<number>(n * n).fill(0);
  let pair = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) matrix[i * n + j] = weights[pair++]! / weights.length;
  }
  return matrix;
}

describe.skipIf(!existsSync(path))(
  'RankNet equals allRank (skipped without ../shared/reference/ranknet)',
  () => {
    const cases = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')).ranknet as RankNetCase[]) : [];
    it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
      // A higher grade is a better (smaller) rank; −1 marks padding.
      const ranks = one.y_true.map((grade) => (grade < 0 ? Number.NaN : -grade));
      const weights = one.weights && weighted(ranks.length, one.weights);
      expect(await rankNetLoss(one.y_pred, ranks, weights)).toBeCloseTo(one.expected, 6);
    });
  },
);

describe('losses', () => {
  it('counts no pair among equal ranks', async () => {
    expect(await rankNetLoss([0.3, 0.1], [1, 1])).toBe(0);
  });

  it('soft RankNet is the cross-entropy of the probabilities, over the pairs that have one', async () => {
    const scores = [0.4, -0.3, 1.1];
    const none = Number.NaN;
    const g = new Graph({ float: 'float64' });
    const inputs = [g.input('scores', 'float64', [1, 3]), g.input('weights', 'float64', [1, 3, 3])] as const;
    g.output(rankNet(g, ...inputs), 'loss');
    const weights = softRankNetWeights([none, 0.9, none, 0.1, none, 0.25, none, 0.75, none], 3);
    const term = (p: number, lead: number) =>
      p * Math.log(1 + Math.exp(-lead)) + (1 - p) * Math.log(1 + Math.exp(lead));
    const expected = (term(0.9, 0.7) + term(0.25, -1.4)) / 2;
    expect(await evaluate(g, { scores: [scores, [1, 3]], weights: [[...weights], [1, 3, 3]] })).toBeCloseTo(
      expected,
      6,
    );
    expect([...softRankNetWeights([none, none, none, none], 2)]).toEqual([0, 0, 0, 0]);
  });

  it('listwise is the cross-entropy against the target', async () => {
    const g = new Graph({ float: 'float64' });
    g.output(listwise(g, g.input('scores', 'float64', [1, 3]), g.input('target', 'float64', [1, 3])), 'loss');
    const scores = [1, -0.5, 0.25];
    const target = [0.7, 0.1, 0.2];
    const z = Math.log(scores.reduce((sum, s) => sum + Math.exp(s), 0));
    const expected = target.reduce((sum, t, i) => sum + t * (z - scores[i]!), 0);
    expect(await evaluate(g, { scores: [scores, [1, 3]], target: [target, [1, 3]] })).toBeCloseTo(
      expected,
      10,
    );
  });

  it('logistic is the cross-entropy of a Bernoulli', async () => {
    const g = new Graph({ float: 'float64' });
    g.output(logistic(g, g.input('x', 'float64', [2]), g.input('target', 'float64', [2])), 'loss');
    const x = [0.8, -1.5];
    const target = [0.9, 0.25];
    const sigma = (v: number) => 1 / (1 + Math.exp(-v));
    const terms = x.map(
      (v, i) => -target[i]! * Math.log(sigma(v)) - (1 - target[i]!) * Math.log(1 - sigma(v)),
    );
    expect(await evaluate(g, { x: [x, [2]], target: [target, [2]] })).toBeCloseTo(
      (terms[0]! + terms[1]!) / 2,
      10,
    );
  });
});
