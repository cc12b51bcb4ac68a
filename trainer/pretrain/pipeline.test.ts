/** The whole way from prepared data to base, student, table and cards, with a tiny model and invented words. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { draftCard } from '../checkpoint/card-draft.ts';
import { tinyComparing, tinyRecipe, writePreparedData } from '../testing/tiny-pretraining.ts';
import { doneStages, runPipeline, stageSeed } from './pipeline.ts';

const root = mkdtempSync(join(tmpdir(), 'rankscope-pipeline-'));
const [data, output] = [join(root, 'data'), join(root, 'out')];
const recipe = tinyRecipe;

beforeAll(() => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  writePreparedData(data);
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
    const match = recipe.match!;
    const turned = Object.fromEntries(Object.entries(match).reverse()) as typeof match;
    const words = { ...recipe, match: turned, history: 'told otherwise' };
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
    // What a dry run counts as left.
    expect(doneStages(recipe, { data, output })).not.toContain('evaluate');
    await runPipeline(recipe, { data, output });
    expect(doneStages(recipe, { data, output })).toContain('evaluate');
  });

  it('asks no query for the labels that earlier stages train on', () => {
    const labelled = readFileSync(join(output, 'stages', 'labels.jsonl'), 'utf8')
      .trim()
      .split('\n');
    for (const line of labelled) expect(JSON.parse(line).query).toBeGreaterThanOrEqual(12);
  });

  it('makes a base that only compares, and a student of sparse decisions, beside a supervised row', async () => {
    const compared = join(root, 'compared');
    const supervised = join(output, 'base');
    const evaluation = { queries: 4, supervised };
    await runPipeline({ ...tinyComparing, evaluation, readTokens: 16 }, { data, output: compared });
    expect(existsSync(join(compared, 'stages', 'match'))).toBe(false);
    const [first] = readFileSync(join(compared, 'stages', 'labels.jsonl'), 'utf8').split('\n');
    const { asked, passages, ranks, margins } = JSON.parse(first!);
    expect(asked).toHaveLength(10);
    expect([...ranks].sort()).toEqual([1, 2, 3, 4]);
    const places = passages.map((_: number, i: number) => i);
    const reversed = asked.map(([a, b]: number[]) => [b, a]);
    expect(asked).toEqual(expect.arrayContaining(reversed));
    // Connected, so that every passage has a place; what was not asked has no margin.
    expect(new Set(asked.flat())).toEqual(new Set(places));
    const open = places.flatMap((a: number) =>
      places
        .filter((b: number) => !asked.some(([x, y]: number[]) => x === a && y === b))
        .map((b: number) => 4 * a + b),
    );
    expect(open.map((k: number) => margins[k])).toEqual(open.map(() => 0));

    const { sets } = JSON.parse(readFileSync(join(compared, 'evaluation.json'), 'utf8'));
    const { rows, differences, fusionWeight } = sets.invented;
    const methods = rows.map(({ method }: { method: string }) => method);
    expect(methods).toContain('supervised pointwise (Yes − No trained on lists)');
    expect(methods).toContain('student fused with BM25');
    expect(methods).toContain('base as teacher, heapsort, undecided at random');
    expect(fusionWeight).toBeGreaterThanOrEqual(0);
    const pairs = differences.map((one: { method: string; against: string }) => [one.method, one.against]);
    expect(pairs).toContainEqual(['student', 'base, relevance (Yes − No)']);
    const card = await draftCard(join(compared, 'base'), { output: 'x' });
    expect(card.description).toContain('taught to compare');
    expect(card.provenance.stages?.map(({ name }) => name)).toEqual(['pair', 'refine', 'polish']);
    // What is read in use is said in the card alone.
    expect(card.limits).toEqual({ maxTokens: 2 * 16 + 80, maxPassageTokens: 16 });
    const { fusion } = await draftCard(join(compared, 'student'), { output: 'x' });
    expect(fusion).toMatchObject({ weight: fusionWeight, queries: 24 });
    expect(fusion!.ndcg10).toBeGreaterThanOrEqual(fusion!.studentNdcg10);
    // The supervised row's figures are of its weights.
    const done = () => doneStages({ ...tinyComparing, evaluation }, { data, output: compared });
    expect(done()).toContain('evaluate');
    const other = { ...tinyComparing, evaluation: { queries: 4 } };
    expect(doneStages(other, { data, output: compared })).not.toContain('evaluate');
  });

  it('says when the data is not prepared', async () => {
    await expect(runPipeline(recipe, { data: join(root, 'nowhere'), output })).rejects.toThrow(
      /Prepare the data/,
    );
    expect(existsSync(join(root, 'nowhere'))).toBe(false);
  });
});

describe('stageSeed', () => {
  it('gives every stage a stream of its own by its name, and the old ones to recipes that do not ask', () => {
    const stages = ['match', 'pair', 'refine', 'polish', 'distil'];
    const named = stages.map((name) => stageSeed({ seed: 1, seeds: 'named' }, name));
    expect(new Set(named).size).toBe(stages.length);
    expect(stageSeed({ seed: 2, seeds: 'named' }, 'pair')).not.toBe(named[1]);
    expect(stages.map((name) => stageSeed({ seed: 1 }, name))).toEqual([105, 104, 106, 106, 106]);
    // The loop multiplies it: no bit may be lost.
    for (const seed of named) expect(Number.isSafeInteger(seed * 1_000_003 + 1e6)).toBe(true);
  });
});
