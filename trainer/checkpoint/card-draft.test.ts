/** card.json beside the weights: what training writes into it arrives in the exported card, or is refused by name. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../testing/folder.ts';
import { draftCard } from './card-draft.ts';

const source = testFolder('card-draft');

/** The draft made of the folder when its card.json is this. */
async function drafted(card: object) {
  await writeFile(join(source, 'card.json'), JSON.stringify(card));
  return draftCard(source, { output: 'out' });
}

const provenance = {
  base: 'Base',
  baseSha256: 'b'.repeat(64),
  teacher: 'Teacher',
  teacherSha256: 'd'.repeat(64),
  labels: { sha256: 'c'.repeat(64), source: 'PRP over all pairs' },
  data: [{ name: 'boolq', license: 'CC BY-SA 3.0', use: 'queries' }],
  steps: 300,
  seed: 1,
  lossCurve: [
    [100, 0.6],
    [300, 0.4],
  ],
  stages: [
    { name: 'match', steps: 100 },
    { name: 'distil', steps: 200 },
  ],
  validation: [
    { stage: 'match', step: 100, values: { ndcg10: 0.5, bm25: 0.45 } },
    { stage: 'distil', step: 300, values: { ndcg10: 0.55, bm25: 0.45, teacherAgreement: 0.9 } },
  ],
  recipe: 'trainer/recipes/small.yaml',
  settings: { loss: 'ranknet', learningRate: 0.00003 },
  trainer: 'Rankscope 0.1.0',
  command: 'npm run trainer -- distill --recipe small',
  date: '2026-11-24',
};

describe('draftCard', () => {
  it('passes on curves, stages, digests, results with τ, and fields that it does not know', async () => {
    const interval = { mean: 0.1, low: 0.05, high: 0.15 };
    const card = {
      provenance: { ...provenance, later: [1] },
      evaluation: [
        { set: 's', method: 'student', queries: 9, ndcg10: 0.5, kendallTau: 0.8, callsPerQuery: 10 },
      ],
      comparisons: [
        { set: 's', metric: 'kendall-tau', queries: 9, method: 'student', against: 'base', ...interval },
      ],
      later: { x: 1 },
    };
    expect(await drafted(card)).toMatchObject(card);
  });

  it('names the field of a curve that is not as it must be', async () => {
    const falling = { ...provenance, validation: [...provenance.validation].reverse() };
    await expect(drafted({ provenance: falling })).rejects.toThrowError(
      /card\.json: "provenance\.validation\[1\]\.step" is 100, after 300; steps must not fall/,
    );
    const stages = [{ name: 'match', steps: '100' }];
    await expect(drafted({ provenance: { ...provenance, stages } })).rejects.toThrowError(
      /"provenance\.stages\[0\]\.steps" must be a whole number, found "100"/,
    );
  });
});
