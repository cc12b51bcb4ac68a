/** The whole way from prepared data to base, student, table and cards, with a tiny model and invented words. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../../src/t5/init-random.ts';
import { type TrainingSetInput, writeTrainingSet } from '../data/training-set.ts';
import { draftCard } from '../export/card-draft.ts';
import { tinyTokenizer } from '../testing/tiny-checkpoint.ts';
import { openTokenizer } from './context.ts';
import { runPipeline } from './pipeline.ts';
import { plainIds } from './prompts.ts';
import type { Recipe } from './recipe.ts';

const root = mkdtempSync(join(tmpdir(), 'rankscope-pipeline-'));
const [data, output] = [join(root, 'data'), join(root, 'out')];

const stage = {
  steps: 3,
  batch: 2,
  learningRate: 1e-3,
  warmup: 1,
  decay: 0.5,
  shortPassageTokens: 6,
  longPassageTokens: 12,
  shortShare: 0.5,
};

const hard = {
  ...stage,
  bestShare: 0.5,
  relevanceEvery: 2,
  bothOrders: true,
  labels: { judgedShare: 0.4, firstStageShare: 0.5 },
};

const recipe: Recipe = {
  name: 'tiny',
  history: 'in one go',
  seed: 1,
  threads: 1,
  model: { dModel: 64, dKv: 8, dFf: 16, numHeads: 4, encoderLayers: 1, decoderLayers: 1, gated: false },
  passageTokens: 8,
  queryTokens: 4,
  optimiser: { beta2: 0.99, weightDecay: 0.01, clipNorm: 1 },
  labels: { temperature: 0.05, judgedShare: 0.3, threshold: 0.45 },
  match: { ...stage, listSize: 4, binaryEvery: 2 },
  pair: { ...stage, bestShare: 0.5, relevanceEvery: 2, bothOrders: false },
  refine: hard,
  polish: hard,
  label: { queries: 5, depth: 4, deep: 1 },
  distil: { ...stage, target: 'probabilities' },
  validation: { queries: 2, every: 100 },
  evaluation: { queries: 4 },
};

/** Passages of random common words; a query is words of its passage. */
function inventSet(part: 'mixed' | 'held-out', vocabulary: number): TrainingSetInput {
  const tokenizer = openTokenizer(join(data, 'tokenizer'));
  const words = 'water small large time day year people town house light cold one how what when'.split(' ');
  const random = seededRandom(part === 'mixed' ? 1 : 2);
  const pick = (count: number, from: readonly string[]) =>
    Array.from({ length: count }, () => from[Math.floor(random.uniform() * from.length)]!);
  const passages = Array.from({ length: 12 }, (_, p) => {
    const text = pick(7, words).join(' ');
    return { key: `p${p}`, text, tokens: plainIds(tokenizer, text) };
  });
  const queries = Array.from({ length: 24 }, (_, q) => {
    const own = q % 12;
    const text = pick(2, passages[own]!.text.split(' ')).join(' ');
    const others = [1, 2, 3, 4, 5].map((step) => (own + step) % 12);
    return {
      key: `q${q}`,
      text,
      judged: { [`p${own}`]: 1 },
      tokens: plainIds(tokenizer, text),
      part: part === 'held-out' ? ('held-out' as const) : q < 12 ? ('train' as const) : ('distill' as const),
      collection: 'qed-nq',
      candidates: [own, ...others].map((passage, i) => ({
        passage,
        cosine: passage === own ? 0.8 : 0.2,
        grade: passage === own ? 1 : 0,
        rank: i + 1,
      })),
    };
  });
  return { vocabulary, collections: ['qed-nq'], passages, queries };
}

beforeAll(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  const { tokenizerJson, tokenizerConfigJson, size } = tinyTokenizer();
  mkdirSync(join(data, 'tokenizer'), { recursive: true });
  writeFileSync(join(data, 'tokenizer', 'tokenizer.json'), tokenizerJson);
  writeFileSync(join(data, 'tokenizer', 'tokenizer_config.json'), tokenizerConfigJson);
  writeTrainingSet(join(data, 'training'), inventSet('mixed', size));
  writeTrainingSet(join(data, 'evaluation', 'invented'), inventSet('held-out', size));
  const random = seededRandom(3);
  const vectorSize = recipe.model.dModel - 33;
  writeFileSync(
    join(data, `token-vectors-${vectorSize}.f32`),
    Float32Array.from({ length: size * vectorSize }, () => random.normal()),
  );
  writeFileSync(
    join(data, 'piece-df.u32'),
    Uint32Array.from({ length: size }, (_, i) => 1 + (i % 9)),
  );
});

afterAll(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

const json = (...path: string[]) => JSON.parse(readFileSync(join(output, ...path), 'utf8'));

describe('runPipeline', () => {
  it('makes base, labels, student, table and cards; a second run changes nothing', async () => {
    await runPipeline(recipe, { data, output });

    const labels = readFileSync(join(output, 'stages', 'labels.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(labels).toHaveLength(5);
    for (const line of labels) {
      const { ranks, margins, passages } = JSON.parse(line);
      expect([...ranks].sort()).toEqual([1, 2, 3, 4]);
      expect(passages).toHaveLength(4);
      expect(margins).toHaveLength(16);
    }
    const weights = (role: string) => readFileSync(join(output, role, 'model.safetensors'));
    expect(weights('base').equals(weights('student'))).toBe(false);

    const { sets } = json('evaluation.json');
    expect(sets.invented.rows.map((row: { method: string }) => row.method)).toContain('student');
    expect(sets.invented.rows[1].queries).toBe(4);
    for (const role of ['base', 'student']) {
      const card = await draftCard(join(output, role), { output: 'x' });
      expect(card.provenance.lossCurve?.length).toBeGreaterThan(0);
      expect(card.provenance.data.map(({ name }) => name)).toEqual(['qed-nq']);
    }
    expect((await draftCard(join(output, 'student'), { output: 'x' })).provenance.teacher).toBeDefined();

    const before = [weights('base'), weights('student')];
    const stamp = statSync(join(output, 'stages', 'pair', 'model.safetensors')).mtimeMs;
    await runPipeline(recipe, { data, output });
    expect(weights('base').equals(before[0]!) && weights('student').equals(before[1]!)).toBe(true);
    expect(statSync(join(output, 'stages', 'pair', 'model.safetensors')).mtimeMs).toBe(stamp);
  });

  it('takes no stage of another recipe or other data for its own', async () => {
    const changed = { ...recipe, seed: 2, label: { ...recipe.label, deep: 2 } };
    await expect(runPipeline(changed, { data, output })).rejects.toThrow(/seed, label changed/);
    const words = { ...recipe, history: 'told otherwise' };
    await runPipeline(words, { data, output });
    const path = join(output, 'stages', 'begun-with.json');
    const begun = readFileSync(path, 'utf8');
    writeFileSync(path, begun.replace(/"the prepared data": "..../, '"the prepared data": "????'));
    await expect(runPipeline(recipe, { data, output })).rejects.toThrow(/the prepared data changed/);
    writeFileSync(path, begun);
  });

  it('ends where it is told to, and goes on to the same weights', async () => {
    const again = join(root, 'again');
    const stop = AbortSignal.abort();
    // Each attempt makes one step, one chunk of labels or one set more.
    const stages = new Set<string>();
    for (let attempts = 0; attempts < 40; attempts++) {
      const error = await runPipeline(recipe, { data, output: again }, { signal: stop }).catch((e) => e);
      if (error === undefined) break;
      expect(error.code).toBe('cancelled');
      stages.add(/Interrupted in (\w+)/.exec(error.message)?.[1] ?? 'between');
      if (stages.has('between')) break;
    }
    expect([...stages]).toEqual(['match', 'pair', 'refine', 'polish', 'between']);
    await runPipeline(recipe, { data, output: again });
    for (const role of ['base', 'student']) {
      const weights = (folder: string) => readFileSync(join(folder, role, 'model.safetensors'));
      expect(weights(again).equals(weights(output)), role).toBe(true);
    }
  });

  it('evaluates anew what was evaluated with other weights or other queries', async () => {
    const path = join(output, 'evaluation.json');
    const whole = json('evaluation.json');
    writeFileSync(path, JSON.stringify({ ...whole, of: 'another', sets: { invented: { rows: [] } } }));
    await runPipeline(recipe, { data, output });
    expect(json('evaluation.json').sets.invented.perQuery).toEqual(whole.sets.invented.perQuery);
    await runPipeline({ ...recipe, evaluation: { queries: 3 } }, { data, output });
    expect(json('evaluation.json').sets.invented.rows[1].queries).toBe(3);
    await runPipeline(recipe, { data, output });
  });

  it('asks no query for the labels that earlier stages train on', () => {
    const labelled = readFileSync(join(output, 'stages', 'labels.jsonl'), 'utf8')
      .trim()
      .split('\n');
    for (const line of labelled) expect(JSON.parse(line).query).toBeGreaterThanOrEqual(12);
  });

  it('says when the data is not prepared', async () => {
    await expect(runPipeline(recipe, { data: join(root, 'nowhere'), output })).rejects.toThrow(
      /Prepare the data/,
    );
    expect(existsSync(join(root, 'nowhere'))).toBe(false);
  });
});
