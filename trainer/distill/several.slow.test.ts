/** Several students of one recipe as a process: distilled, from a larger teacher, and supervised. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/t5/init-random.ts';
import { runTrainer, startTrainer, stopWhenGrown } from '../testing/command-line.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import type { SeveralSummary } from './run-several.ts';

const folder = testFolder('distill-several');
const at = (...path: string[]) => join(folder, ...path);
const RECIPE = `seed: 3
threads: 1
data: { input: corpus, split: train, sample: 12, k: 5, license: CC0-1.0 }
teacher: { checkpoint: large, dtype: int8 }
train: { epochs: 1, learningRate: 1.0e-3, batch: 2, holdOut: 2, checkpointSteps: 1 }
evaluate: { heldOut: 5, k: 5, methods: [bm25, teacher, relevance, student] }
export: { dtypes: [int8] }
students:
  - { name: small-self, checkpoint: small, teacher: small }
  - { name: small-from-large, checkpoint: small }
  - { name: small-sft, checkpoint: small, labels: judgments }
`;
const STUDENTS = ['small-self', 'small-from-large', 'small-sft'];
const args = (output: string, ...more: string[]) => [
  ...['distill', '--recipe', at('recipe.yaml'), '--output', at(output), '--json', ...more],
];
const summaryOf = (stdout: string) => JSON.parse(stdout) as SeveralSummary;
const RESULTS = ['candidates.jsonl', 'labels.jsonl', 'student/model.safetensors'];
const bytesOf = (output: string) =>
  STUDENTS.flatMap((name) => RESULTS.map((file) => readFileSync(at(output, name, file)).toString('base64')));
const cardOf = (output: string, name: string) =>
  JSON.parse(readFileSync(at(output, name, 'student', 'ranker.json'), 'utf8'));

/** Each training query has one relevant passage, which shares no word with it: only judgments know it. */
function writeCorpus(): void {
  const words = 'water light town house year people small large time day'.split(' ');
  const random = seededRandom(5);
  const draw = (n: number) =>
    Array.from({ length: n }, () => words[Math.floor(random.uniform() * words.length)]!).join(' ');
  const passages = Array.from({ length: 30 }, (_, i) => ({ _id: `p${i}`, text: draw(8) }));
  const relevant = Array.from({ length: 20 }, (_, i) => ({ _id: `r${i}`, text: 'cold when one what' }));
  mkdirSync(at('corpus', 'qrels'), { recursive: true });
  writeLines(at('corpus', 'corpus.jsonl'), [...passages, ...relevant]);
  const queries = Array.from({ length: 20 }, (_, i) => ({ _id: `q${i}`, text: draw(3) }));
  writeLines(at('corpus', 'queries.jsonl'), queries);
  const qrels = (from: number, to: number, id: string) =>
    `query-id\tcorpus-id\tscore\n${queries
      .slice(from, to)
      .map(({ _id }, i) => `${_id}\t${id}${i}\t1\n`)
      .join('')}`;
  writeFileSync(at('corpus', 'qrels', 'train.tsv'), qrels(0, 15, 'r'));
  writeFileSync(at('corpus', 'qrels', 'test.tsv'), qrels(15, 20, 'p'));
}

let whole: string[];

beforeAll(async () => {
  // Random teachers that do not score every list alike.
  await writeTinyCheckpoint(at('large'), {
    dtypes: ['int8'],
    maxTokens: 128,
    seed: 3,
    config: { num_layers: 3 },
  });
  await writeTinyCheckpoint(at('small'), { dtypes: ['int8'], maxTokens: 128 });
  writeCorpus();
  writeFileSync(at('recipe.yaml'), RECIPE);
}, 60_000);

describe('several students of one recipe', () => {
  it('are estimated first, what they share once', async () => {
    const { code, stdout } = await runTrainer(args('none', '--dry-run'));
    const { state, students, estimate } = summaryOf(stdout);
    expect([code, state, existsSync(at('none'))]).toEqual([0, 'dry-run', false]);
    expect(students.map(({ name, labels }) => [name, labels])).toEqual([
      ['small-self', 'teacher'],
      ['small-from-large', 'teacher'],
      ['small-sft', 'judgments'],
    ]);
    const of = (i: number, stage: string) =>
      students[i]!.estimate!.stages.find((one) => one.stage === stage)!;
    expect([0, 1, 2].map((i) => of(i, 'candidates').shared)).toEqual([undefined, true, undefined]);
    expect([0, 1].map((i) => of(i, 'label').work?.count)).toEqual([12 * 20, 12 * 20]);
    // Of the third only its student is asked: its base and its teacher stand in tables before.
    expect([0, 1, 2].map((i) => of(i, 'evaluate').work?.count)).toEqual([5 * 30, 5 * 25, 5 * 5]);
    const sum = students.reduce((total, one) => total + one.estimate!.seconds, 0);
    expect(estimate!.seconds).toBeCloseTo(sum, 6);
  }, 120_000);

  it('are made, carded as what they are, and compared by the names of the figure', async () => {
    const { code, stdout, stderr } = await runTrainer(args('whole'));
    expect([code, stderr]).toEqual([0, expect.stringContaining('Student 3 of 3, small-sft.')]);
    expect(stderr).toMatch(/Stage candidates is that of .*small-self: copied/);
    whole = bytesOf('whole');
    const { rows, table, data } = summaryOf(stdout);
    expect(rows!.map(({ name, student, trainedOn }) => [name, student, trainedOn])).toEqual([
      ['BM25', undefined, undefined],
      ['Relevance Generation', undefined, undefined],
      ['PRP (Allpair)', undefined, undefined],
      ['PRP (Allpair)', undefined, undefined],
      ['Instruction Distillation', 'small-self', 12],
      ['Distilled from tiny-teacher (large)', 'small-from-large', 12],
      ['SFT (12)', 'small-sft', 12],
    ]);
    const text = readFileSync(table!, 'utf8');
    expect(text).toMatch(/corpus-held-out \(5 queries, top 5\)[\s\S]*\| small-sft [\s\S]*12 judged/);
    expect(JSON.parse(readFileSync(data!, 'utf8'))).toMatchObject({
      figure: 'figure-3',
      rows: { length: 7 },
    });

    const sft = cardOf('whole', 'small-sft');
    expect(sft).toMatchObject({ name: 'small-sft', role: 'student' });
    expect(sft.description).toMatch(/fine-tuned with judgments \(supervised, SFT; not distilled\)/);
    expect(sft.provenance).toMatchObject({
      base: 'tiny-teacher',
      labels: { source: 'judgments (supervised): train.tsv' },
    });
    expect(sft.provenance.command).toMatch(/--output \S*whole$/);
    expect([sft.provenance.teacher, sft.provenance.settings.loss]).toEqual([undefined, 'softmax']);
    expect(cardOf('whole', 'small-from-large').description).toMatch(/distilled from tiny-teacher/);

    const lists = readFileSync(at('whole', 'small-sft', 'candidates.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const learnt = lists.map((line) => JSON.parse(line).hits.map(({ docid }: { docid: string }) => docid));
    for (const ids of learnt) expect(ids.filter((id: string) => id.startsWith('r'))).toHaveLength(1);
    const labelled = readFileSync(at('whole', 'small-from-large', 'candidates.jsonl'), 'utf8');
    expect(labelled).not.toContain('"docid":"r');
  }, 240_000);

  it('are skipped when they are there, and refused in a folder of something else', async () => {
    const again = await runTrainer(args('whole'));
    expect(again.code).toBe(0);
    for (const { summary } of summaryOf(again.stdout).students) {
      expect(summary!.stages.map(({ state }) => state)).toEqual(Array(5).fill('skipped'));
    }
    const refused = await runTrainer(args('corpus'));
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('no students of a recipe')]);
  }, 120_000);

  it('go on after kill -9 in any of them to the same bytes', async () => {
    const share = Math.random();
    // In one of them, another each time, and again in the last.
    for (const name of new Set([STUDENTS[Math.floor(Math.random() * 3)]!, STUDENTS[2]!])) {
      const file = at('killed', name, 'train', 'train.jsonl');
      const size = statSync(at('whole', name, 'train', 'train.jsonl')).size;
      const { signal } = await stopWhenGrown(
        startTrainer(args('killed')),
        () => file,
        Math.ceil(share * 0.6 * size),
        'SIGKILL',
      );
      expect([name, share, signal]).toEqual([name, share, 'SIGKILL']);
    }
    const { code, stderr } = await runTrainer(args('killed'));
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/rror|cannot/)]);
    expect(bytesOf('killed')).toEqual(whole);
  }, 240_000);
});
