/** A checkpoint's README: all that the card states is in it, and its front matter is YAML. */
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseRankerCard } from '../../src/checkpoint/card-read.ts';
import type { RankerCard } from '../../src/checkpoint/ranker-card.ts';
import { tinyCard } from '../testing/tiny-checkpoint.ts';
import { modelCard } from './model-card.ts';

const read = (card: object) =>
  parseRankerCard(
    JSON.stringify({
      format: 'rankscope-checkpoint',
      version: 1,
      scorers: { int8: 'onnx/scorer_int8.onnx' },
      files: { 'onnx/scorer_int8.onnx': { bytes: 3, sha256: 'a'.repeat(64) } },
      ...card,
    }),
    'ranker.json',
  );

const interval = { mean: 0.04, low: 0.01, high: 0.07 };
const rich = {
  ...tinyCard({ role: 'student' }),
  provenance: {
    ...tinyCard().provenance,
    base: 'Base: small',
    baseSha256: 'b'.repeat(64),
    teacher: 'A teacher',
    teacherSha256: 'd'.repeat(64),
    stages: [
      { name: 'match', steps: 30 },
      { name: 'distil', steps: 20 },
    ],
    trainer: 'Rankscope 0.1.0',
    labels: { sha256: 'c'.repeat(64), source: 'PRP over all pairs' },
    validation: [{ step: 50, values: { ndcg10: 0.5, teacherAgreement: 0.9 } }],
    recipe: 'small',
    settings: { loss: 'ranknet', learningRate: 0.00003, dropout: false },
  },
  evaluation: [
    { set: 'boolq', method: 'BM25', queries: 200, ndcg10: 0.5, callsPerQuery: 0 },
    {
      set: 'boolq',
      method: 'student',
      queries: 200,
      ndcg10: 0.54,
      difference: { against: 'BM25', ...interval },
      callsPerQuery: 10,
      secondsPerQuery: 0.0147,
      kendallTau: 0.81,
    },
  ],
  comparisons: [
    {
      set: 'all sets',
      queries: 900,
      method: 'student',
      against: 'teacher',
      mean: -0.01,
      low: -0.02,
      high: 0.01,
    },
    { set: 'boolq', queries: 200, method: 'student', against: 'BM25', metric: 'kendall-tau', ...interval },
  ],
  dtypeMeasures: { int8: { bytes: 2030555, scoreError: 0.0581, agreement: 0.9951, prompts: 64 } },
};

/** A table's row as its cells. */
const cells = (readme: string, start: RegExp) =>
  readme
    .split('\n')
    .filter((line) => start.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

it('shows nDCG@10, intervals, τ, calls and seconds, set by set', () => {
  const readme = modelCard(read(rich));
  expect(cells(readme, /^\| method .*nDCG@10/)).toEqual([
    ['method', 'nDCG@10', 'difference', 'τ', 'calls per query', 'seconds per query'],
  ]);
  expect(cells(readme, /^\| (BM25|student) .*0\.5/)).toEqual([
    ['BM25', '0.500', '', '', '0', ''],
    ['student', '0.540', '+0.040 [+0.010, +0.070], higher than BM25', '+0.810', '10', '0.0147'],
  ]);
  expect(readme).toMatch(
    /### all sets, 900 queries\n\n\| method [\s\S]*not measurably different from teacher/,
  );
  expect(cells(readme, /τ to the teacher/)).toEqual([
    ['student', 'τ to the teacher', '+0.040 [+0.010, +0.070], higher than BM25'],
  ]);
  expect(cells(readme, /^\| int8/)).toEqual([['int8', '2030555', '5.81 %', '99.5 %']]);
});

it('says what a fusion with BM25 is worth, where somebody tuned one', () => {
  const fusion = { weight: 0.75, queries: 216, ndcg10: 0.6938, studentNdcg10: 0.68 };
  expect(modelCard(read({ ...rich, fusion }))).toContain(
    'λ = 0.75 was best on 216 queries that are in no table below (nDCG@10 0.694; the student alone 0.680).',
  );
  expect(modelCard(read(rich))).not.toContain('Fused');
});

it('says what it was made of', () => {
  const readme = modelCard(read(rich));
  expect(readme).toContain(`SHA-256 of the teacher’s weights: \`${'d'.repeat(64)}\``);
  expect(readme).toMatch(
    /optimiser steps, seed \d+, .*, Rankscope 0\.1\.0\.\n- Steps by stage: match 30, distil 20\n/,
  );
  expect(readme).toContain(`SHA-256 of the base’s weights: \`${'b'.repeat(64)}\``);
  expect(readme).toContain(`Labels: PRP over all pairs; SHA-256 \`${'c'.repeat(64)}\``);
  expect(readme).toContain('Recipe: small');
  expect(readme).toContain('Settings: loss ranknet, learningRate 0.00003, dropout false');
  expect(readme).toContain('Last validation, at step 50: ndcg10 0.500, teacherAgreement 0.900');
});

it('begins with front matter that is YAML, whatever the names are', () => {
  const front = modelCard(read(rich)).split('---\n')[1]!;
  expect(parse(front)).toEqual({
    library_name: 'transformers',
    pipeline_tag: 'text-ranking',
    license: 'apache-2.0',
    metrics: ['ndcg@10', 'kendall-tau'],
    tags: ['reranking', 't5', 'rankscope'],
  });
});

it('names in the front matter what the Hub knows, and nothing else', () => {
  const front = (more: Partial<RankerCard>) =>
    parse(modelCard({ ...read(rich), ...more }).split('---\n')[1]!);
  const { provenance } = read(rich);
  expect(front({ provenance: { ...provenance, base: 'google/flan-t5-small' } }).base_model).toBe(
    'google/flan-t5-small',
  );
  expect(front({ provenance: { ...provenance, base: '/home/me/flan-t5-small' } }).base_model).toBeUndefined();
  expect(front({ license: 'CC BY-SA 4.0' })).toMatchObject({ license: 'cc-by-sa-4.0' });
  expect(front({ license: 'EUPL-1.2' })).toMatchObject({ license: 'other', license_name: 'eupl-1.2' });
});

it('leaves out what a card does not state', () => {
  const readme = modelCard(read(tinyCard()));
  expect(readme).not.toMatch(/Held-out|Files for the page|Labels|Recipe|Settings|undefined|metrics/);
});

it('says of a wording that it is not known from training, and only then', () => {
  const card = tinyCard();
  const [template] = card.templates;
  expect(modelCard(read(card))).not.toContain('not known from its training');
  expect(modelCard(read({ ...card, templates: [{ ...template, trained: false }] }))).toContain(
    'not known from its training',
  );
});
