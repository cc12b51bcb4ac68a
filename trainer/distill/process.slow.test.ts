/** Distilling as a process: killed in every stage it goes on to the same bytes; nothing of another recipe is mixed in. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/t5/init-random.ts';
import { runTrainer, startTrainer, stopWhenGrown } from '../testing/command-line.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import type { DistillSummary } from './distill-request.ts';
import type { StageName } from './layout.ts';

const folder = testFolder('distill-process');
const at = (...path: string[]) => join(folder, ...path);
const RECIPE = `name: tiny
seed: 3
threads: 1
data: { input: corpus, k: 5, license: CC0-1.0 }
teacher: { checkpoint: teacher, dtype: int8 }
train: { epochs: 2, learningRate: 1.0e-3, batch: 2, holdOut: 4, validateEvery: 4, checkpointSteps: 1 }
evaluate: { heldOut: 6, k: 5 }
export: { dtypes: [int8] }
`;
const args = (output: string, ...more: string[]) => [
  ...['distill', '--recipe', at('recipe.yaml'), '--output', at(output), '--json', ...more],
];
/** What must not depend on how often a run was stopped. */
const RESULTS = [
  ...['candidates.jsonl', 'labels.jsonl', 'student/model.safetensors', 'student/onnx/scorer_int8.onnx'],
];
const bytesOf = (output: string) => RESULTS.map((file) => readFileSync(at(output, file)).toString('base64'));
const summaryOf = (stdout: string) => JSON.parse(stdout) as DistillSummary;

/** Passages of words, and queries of some of a passage's words: BM25 finds several for each. */
function writeCorpus(): void {
  const words = 'water light town house year people small large time day cold when one what'.split(' ');
  const random = seededRandom(5);
  const draw = (n: number) =>
    Array.from({ length: n }, () => words[Math.floor(random.uniform() * words.length)]!);
  const passages = Array.from({ length: 40 }, (_, i) => ({ _id: `p${i}`, text: draw(12).join(' ') }));
  mkdirSync(at('corpus', 'qrels'), { recursive: true });
  writeLines(at('corpus', 'corpus.jsonl'), passages);
  const queries = Array.from({ length: 30 }, (_, i) => ({ _id: `q${i}`, text: draw(3).join(' ') }));
  writeLines(at('corpus', 'queries.jsonl'), queries);
  const judged = queries.slice(0, 8).map(({ _id }, i) => `${_id}\tp${i * 3}\t1\n${_id}\tp${i * 4 + 1}\t2\n`);
  writeFileSync(at('corpus', 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${judged.join('')}`);
}

let whole: string[];

beforeAll(async () => {
  await writeTinyCheckpoint(at('teacher'), { dtypes: ['int8'], maxTokens: 128 });
  writeCorpus();
  writeFileSync(at('recipe.yaml'), RECIPE);
  mkdirSync(at('tmp'));
  process.env.TMPDIR = at('tmp');
}, 60_000);

describe('distill as a process', () => {
  it('says what it would take and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await runTrainer(args('none', '--dry-run'));
    expect([code, stderr]).toEqual([0, '']);
    const { state, estimate } = summaryOf(stdout);
    expect(state).toBe('dry-run');
    expect(estimate!.stages.map(({ stage }) => stage)).toEqual([
      'candidates',
      'label',
      'train',
      'evaluate',
      'export',
    ]);
    // 22 queries (8 judged for testing are kept out), 5 passages each, both orders of 10 pairs.
    expect(estimate!.stages[1]!.work).toMatchObject({ count: 440, unit: 'calls' });
    for (const { seconds, memoryBytes } of estimate!.stages.slice(0, -1))
      expect(Math.min(seconds, memoryBytes)).toBeGreaterThan(0);
    // Made to be evaluated, then copied.
    expect(estimate!.stages.at(-1)).toMatchObject({
      seconds: 0,
      memoryBytes: 0,
      diskBytes: expect.toSatisfy((n) => n > 0),
    });
    expect(existsSync(at('none'))).toBe(false);
    expect(readdirSync(at('tmp')).filter((name) => name.startsWith('rankscope'))).toEqual([]);
  }, 120_000);

  it('goes from a corpus to a student that other commands read', async () => {
    const { code, stdout, stderr } = await runTrainer(args('whole'));
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^In total about .+\nStage 1 of 5, candidates: started\.$/m),
    ]);
    whole = bytesOf('whole');
    const { rows, stages, queries } = summaryOf(stdout);
    expect(queries).toEqual({ training: 22, heldOut: 6 });
    expect(stages.map(({ state }) => state)).toEqual(Array(5).fill('done'));
    expect(rows!.map(({ name }) => name)).toEqual([
      ...['bm25', 'teacher (pairwise)', 'base, relevance generation'],
      ...['base under the student’s prompt (control)', 'student'],
    ]);
    const table = readFileSync(at('whole', 'evaluation', 'table.md'), 'utf8');
    expect(table).toMatch(
      /corpus-held-out \(.*6 queries, top 5\)[\s\S]*\| student[\s\S]*Differences between the rows/,
    );
    const card = JSON.parse(readFileSync(at('whole', 'student', 'ranker.json'), 'utf8'));
    expect(card).toMatchObject({ name: 'tiny', role: 'student', templates: [{ id: 'paper-student' }] });
    expect(card.provenance).toMatchObject({ base: 'tiny-teacher', teacher: 'tiny-teacher', seed: 3 });
    expect(card.provenance.lossCurve.length).toBeGreaterThan(0);
    expect(card.evaluation).toHaveLength(5);
    // What was evaluated is what was exported.
    const results = JSON.parse(readFileSync(at('whole', 'evaluation', 'results.json'), 'utf8'));
    const evaluated = results.rows.find(({ name }: { name: string }) => name === 'student').checkpoint.digest;
    expect(card.files['onnx/scorer_int8.onnx'].sha256).toBe(evaluated);
    const ranked = await runTrainer([
      ...['rank', '--checkpoint', at('whole', 'student'), '--method', 'student', '--threads', '1'],
      ...['--input', at('whole', 'candidates.jsonl'), '--output', at('ranked.trec')],
    ]);
    expect([ranked.code, readFileSync(at('ranked.trec'), 'utf8').split('\n').length]).toEqual([
      0,
      22 * 5 + 1,
    ]);
  }, 120_000);

  it('runs the paper’s recipe as it is shipped, data and teacher given', async () => {
    const input = at('two-splits');
    mkdirSync(join(input, 'qrels'), { recursive: true });
    copyFileSync(at('corpus', 'queries.jsonl'), join(input, 'queries.jsonl'));
    // It evaluates all pairs of a hundred candidates, or of as many as there are: 600 of these a query, of all 1,560.
    const passages = readFileSync(at('corpus', 'corpus.jsonl'), 'utf8').split('\n').slice(0, 25);
    writeFileSync(join(input, 'corpus.jsonl'), passages.join('\n'));
    const judgments = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `q${from + i}\tp${i}\t1\n`).join('');
    const header = 'query-id\tcorpus-id\tscore\n';
    writeFileSync(join(input, 'qrels', 'train.tsv'), header + judgments(0, 24));
    writeFileSync(join(input, 'qrels', 'test.tsv'), header + judgments(24, 27));
    const { code, stdout, stderr } = await runTrainer([
      ...['distill', '--recipe', 'paper', '--input', input, '--checkpoint', at('teacher')],
      ...['--output', at('paper'), '--json'],
    ]);
    expect(code).toBe(0);
    // The tiny teacher knows its own wording alone, and the recipe asks with the paper's.
    expect(stderr.split('\n').filter((line) => line.startsWith('Note: '))).toEqual([
      'Note: data.sample is 10000; there are 24 queries to train on.',
      expect.stringMatching(
        /^Note: tiny-teacher was not trained on the wording .* \(paper-prp\), but on embedded-prp/,
      ),
    ]);
    // Nor does its answer mean much.
    expect(stderr).toMatch(
      /^Warning: .* teacher \(pairwise\): in \d of 3 queries one place in the prompt won/m,
    );
    const { queries, rows } = summaryOf(stdout);
    expect(queries).toEqual({ training: 24, heldOut: 3 });
    expect(rows!.map(({ name }) => name)).toHaveLength(5);
    const recipe = JSON.parse(readFileSync(at('paper', 'student', 'ranker.json'), 'utf8'));
    expect(recipe.provenance.settings).toMatchObject({
      loss: 'ranknet',
      learningRate: 3e-5,
      batch: 32,
      schedule: 'constant',
      clip: 1,
    });
    const labels = readFileSync(at('paper', 'labels.jsonl'), 'utf8').trim().split('\n');
    expect(JSON.parse(labels[0]!).hits).toHaveLength(10);
    // The published code's recipe takes such a folder, too: twice the passages, and the steps that follow.
    copyFileSync(at('corpus', 'corpus.jsonl'), join(input, 'corpus.jsonl'));
    const code2 = await runTrainer([
      ...['distill', '--recipe', 'published-code', '--input', input, '--checkpoint', at('teacher')],
      ...['--dry-run', '--json'],
    ]);
    expect(code2.code).toBe(0);
    const [, label, train] = summaryOf(code2.stdout).estimate!.stages;
    expect(label).toMatchObject({ stage: 'label', work: { count: 24 * 20 * 19 } });
    expect(train).toMatchObject({ stage: 'train', work: { count: 3, unit: 'steps' } });
  }, 240_000);

  it('skips what is there, and lists the student when asked', async () => {
    mkdirSync(at('models'));
    const { code, stdout } = await runTrainer(args('whole', '--index', at('models', 'index.json')));
    expect(code).toBe(0);
    expect(summaryOf(stdout).stages.map(({ state }) => state)).toEqual(Array(5).fill('skipped'));
    expect(summaryOf(stdout).listed).toMatchObject({ id: 'tiny' });
    const { models } = JSON.parse(readFileSync(at('models', 'index.json'), 'utf8'));
    expect(models).toMatchObject([{ id: 'tiny', role: 'student', path: 'tiny/' }]);
    expect(existsSync(at('models', 'tiny', 'onnx', 'scorer_int8.onnx'))).toBe(true);
  }, 120_000);

  it('makes a result again that was removed, in shards to the same bytes', async () => {
    rmSync(at('whole', 'labels.jsonl'));
    writeFileSync(at('recipe.yaml'), RECIPE.replace('dtype: int8 }', 'dtype: int8, shards: 3 }'));
    const { code, stdout } = await runTrainer(args('whole'));
    expect(code).toBe(0);
    expect(summaryOf(stdout).stages.map(({ state }) => state)).toEqual([
      ...['skipped', 'done', 'skipped', 'skipped', 'skipped'],
    ]);
    expect(existsSync(at('whole', 'labels-3of3.jsonl'))).toBe(true);
    expect(bytesOf('whole')).toEqual(whole);
    writeFileSync(at('recipe.yaml'), RECIPE);
  }, 120_000);

  it('refuses another recipe and altered results, and begins the stages anew that do not fit', async () => {
    writeFileSync(at('recipe.yaml'), RECIPE.replace('epochs: 2', 'epochs: 1'));
    const refused = await runTrainer(args('whole'));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /train: train\.epochs was 2, is 1\n {2}evaluate: it depends on train\n {2}export: it depends on/,
    );
    expect(refused.stderr).toContain('--anew to remove the results of train, evaluate, export');
    expect(bytesOf('whole')).toEqual(whole);
    const { code, stdout } = await runTrainer(args('whole', '--anew'));
    expect(code).toBe(0);
    const states = ['skipped', 'skipped', 'done', 'done', 'done'];
    expect(summaryOf(stdout).stages.map(({ state }) => state)).toEqual(states);
    expect(bytesOf('whole').slice(0, 2)).toEqual(whole.slice(0, 2));
    expect(bytesOf('whole')[2]).not.toBe(whole[2]);
    writeFileSync(at('recipe.yaml'), RECIPE);
    writeFileSync(at('whole', 'labels.jsonl'), readFileSync(at('whole', 'labels.jsonl')).subarray(0, 900));
    const altered = await runTrainer(args('whole'));
    expect([altered.code, altered.stderr]).toEqual([
      2,
      expect.stringContaining('label: labels.jsonl was altered'),
    ]);
  }, 240_000);

  it('goes on after kill -9 in every stage, at random points of the long ones, to the same bytes', async () => {
    const share = Math.random();
    const shareOf = (...path: string[]) => Math.ceil(share * 0.6 * statSync(at('whole', ...path)).size);
    const grown: Record<StageName, readonly [file: () => string | undefined, bytes: number]> = {
      candidates: [() => at('killed', 'work', 'candidates.json'), 1],
      label: [() => at('killed', 'labels.jsonl'), shareOf('labels.jsonl')],
      train: [() => at('killed', 'train', 'train.jsonl'), shareOf('train', 'train.jsonl')],
      evaluate: [() => inside(at('killed', 'evaluation'), /\.jsonl$/), 1],
      export: [() => at('killed', 'student', 'config.json'), 1],
    };
    for (const [stage, [file, bytes]] of Object.entries(grown)) {
      const { signal } = await stopWhenGrown(startTrainer(args('killed')), file, bytes, 'SIGKILL');
      expect([stage, signal, share]).toEqual([stage, 'SIGKILL', share]);
      expect(JSON.parse(readFileSync(at('killed', 'work', `${stage}.json`), 'utf8')).state).toBe('begun');
    }
    const { code, stderr } = await runTrainer(args('killed'));
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/rror|cannot/)]);
    expect(bytesOf('killed')).toEqual(whole);
  }, 240_000);

  it('keeps nothing that was made while its data changed', async () => {
    const corpus = at('corpus', 'corpus.jsonl');
    const before = readFileSync(corpus);
    const run = startTrainer(args('changing'));
    const begun = () => existsSync(at('changing', 'labels.jsonl'));
    while (!begun() && run.child.exitCode === null) await new Promise((done) => setTimeout(done, 2));
    writeFileSync(corpus, `${before}{"_id": "late", "text": "water light"}\n`);
    const { code, stderr } = await run.finished;
    writeFileSync(corpus, before);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /An input changed during the run: data\.input was \w+…, is \w+…\. Stage (label|train) is incomplete/,
    );
    expect((await runTrainer(args('changing'))).code).toBe(0);
    expect(bytesOf('changing')).toEqual(whole);
  }, 240_000);

  it('ends cleanly at Ctrl-C and says how to go on', async () => {
    const label = () => at('stopped', 'labels.jsonl');
    const { code, stdout, stderr } = await stopWhenGrown(startTrainer(args('stopped')), label, 1, 'SIGINT');
    expect(code).toBe(130);
    expect(stderr).toMatch(
      /Interrupted in stage \d of 5 \(\w+\)\. Completed work is kept in .*run the same command again/,
    );
    expect(summaryOf(stdout).state).toBe('cancelled');
    const again = await runTrainer(args('stopped'));
    expect([again.code, again.stderr]).toEqual([0, expect.not.stringMatching(/rror|cannot/)]);
    expect(bytesOf('stopped')).toEqual(whole);
  }, 240_000);
});

/** The first file below a folder whose name matches. */
function inside(path: string, name: RegExp): string | undefined {
  if (!existsSync(path)) return undefined;
  const files = readdirSync(path, { recursive: true, withFileTypes: true });
  const found = files.find((file) => file.isFile() && name.test(file.name));
  return found && join(found.parentPath, found.name);
}
