/** `evaluate --data`: rows, files, costs, and that a killed evaluation goes on. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateRun } from '../../src/evaluation/evaluate-run.ts';
import { readQrels } from '../../src/formats/qrels.ts';
import { readTrecRun } from '../../src/formats/runs.ts';
import { embeddedStudent } from '../../src/ranking/embedded-templates.ts';
import { DEFAULT_BM25 } from '../../src/retrieval/types.ts';
import type { CheckpointPlan } from '../scoring/plan-checkpoints.ts';
import { runTrainer, startTrainer, stopWhenGrown } from '../testing/command-line.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { renameConstant } from '../testing/other-layout.ts';
import { readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import type { EvaluateRequest, ResultRow } from './evaluate-request.ts';
import { DEFAULT_MEASURES } from './measures.ts';
import { planRows } from './rows.ts';
import { runEvaluation } from './run-evaluate.ts';

const folder = testFolder('evaluate');
const at = (...names: string[]) => join(folder, ...names);
const { passages, queries } = readSampleCorpus('night-sky');
const qrelsFile = at('sky', 'qrels', 'test.tsv');

beforeAll(async () => {
  mkdirSync(at('sky', 'qrels'), { recursive: true });
  writeLines(
    at('sky', 'corpus.jsonl'),
    passages.map(({ id, ...rest }) => ({ _id: id, ...rest })),
  );
  const asked = [...queries.map(({ id, text }) => ({ _id: id, text })), { _id: 'none', text: 'zzzz' }];
  writeLines(at('sky', 'queries.jsonl'), asked);
  const judgments = asked.map(({ _id }, i) => `${_id}\t${passages[i]!.id}\t${1 + (i % 3)}\n`);
  writeFileSync(qrelsFile, `query-id\tcorpus-id\tscore\n${judgments.join('')}`);
  await writeTinyCheckpoint(at('teacher'), { dtypes: ['fp32'], role: 'teacher' });
  await writeTinyCheckpoint(at('student'), { dtypes: ['fp32'], role: 'student', seed: 2 });
});

const request = (output: string): EvaluateRequest => ({
  data: [at('sky')],
  checkpoints: [at('teacher'), at('student')],
  methods: [{ id: 'bm25' }, { id: 'rg' }, { id: 'pointwise-yes' }, { id: 'prp-allpair' }],
  k: 5,
  output: at(output),
  bm25: DEFAULT_BM25,
  measures: DEFAULT_MEASURES,
  compared: 'ndcg@10',
  threads: 1,
});
const results = (output: string) =>
  JSON.parse(readFileSync(at(output, 'results.json'), 'utf8')) as { rows: ResultRow[] };

describe('evaluate --data', () => {
  it('gives every method with every checkpoint that knows it, with files that agree', async () => {
    const told: string[] = [];
    const summary = await runEvaluation(request('all'), { notice: (text) => told.push(text) });
    const names = [
      'bm25',
      'teacher rg',
      'teacher pointwise-yes',
      'teacher prp-allpair',
      'student pointwise-yes',
    ];
    expect(summary.rows.map(({ name }) => name)).toEqual(names);
    expect(told.join('\n')).toContain('student is not asked by prp-allpair');
    expect(told.join('\n')).toContain('1 judged query has no candidates');
    const { rows } = results('all');
    const qrels = readQrels(readFileSync(qrelsFile, 'utf8'));
    for (const row of rows) {
      const run = readTrecRun(readFileSync(at('all', row.run), 'utf8'));
      const { overall } = evaluateRun(run, qrels, DEFAULT_MEASURES, { complete: true });
      expect(Object.values(row.measures)).toEqual(overall);
      expect(Object.keys(row.perQuery)).toHaveLength(queries.length + 1);
    }
    const cost = Object.fromEntries(rows.map((row) => [row.name, row.callsPerQuery]));
    expect(cost).toMatchObject({
      bm25: 0,
      'teacher rg': 5,
      'student pointwise-yes': 5,
      'teacher prp-allpair': 20,
    });
    expect(rows.map(({ tau }) => tau?.to)).toEqual([
      ...Array(3).fill('teacher prp-allpair'),
      undefined,
      'teacher prp-allpair',
    ]);
    expect(rows[1]!.difference).toMatchObject({ against: 'bm25', queries: queries.length + 1 });
    expect(rows[1]!.secondsPerQuery).toBeGreaterThan(0);
    const table = readFileSync(at('all', 'table.md'), 'utf8');
    for (const name of names) expect(table).toContain(`| ${name} `);
  });

  it('asks nothing again, and asks again what was cut short', async () => {
    const before = results('all');
    expect((await runEvaluation(request('all'))).calls.asked).toBe(0);
    // A search is measured anew; what models did is remembered, time included.
    expect(results('all').rows.slice(1)).toEqual(before.rows.slice(1));
    const work = at('all', 'work', 'sky');
    // Under the method's first id, so that work of before its renaming goes on.
    const journal = join(work, readdirSync(work).find((name) => name.startsWith('student.student'))!);
    const lines = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(journal, lines.slice(0, 2).join('\n').slice(0, -5));
    const { calls } = await runEvaluation(request('all'));
    expect(calls.asked).toBe(5 * (queries.length - 1));
    const measured = ({ rows }: { rows: ResultRow[] }) =>
      rows.map(({ name, perQuery }) => ({ name, perQuery }));
    expect(measured(results('all'))).toEqual(measured(before));
  });

  it('says once which checkpoint is slow with texts, and why', async () => {
    await writeTinyCheckpoint(at('slow'), { dtypes: ['fp32'], role: 'teacher' });
    await renameConstant(at('slow'));
    const told: string[] = [];
    const methods = [{ id: 'qlm' }, { id: 'rg' }] as const;
    const texts = {
      ...request('slow-texts'),
      checkpoints: [at('teacher'), at('slow')],
      methods,
      untrained: true,
    };
    const { state } = await runEvaluation(
      { ...texts, limit: 2, k: 3 },
      { notice: (text) => told.push(text) },
    );
    expect(state).toBe('done');
    expect(told.filter((text) => text.includes('slowly'))).toEqual([
      expect.stringMatching(/^tiny-teacher judges .+ could not be used: .*encoder\.final_layer_norm\.weight/),
    ]);
  });

  it('knows a method by its old name, and calls the row as it was asked for', async () => {
    const { calls, rows } = await runEvaluation({
      ...request('all'),
      methods: [{ id: 'bm25' }, { id: 'pointwise-yes', asked: 'student' }],
      baseline: 'student student',
    });
    expect(calls.asked).toBe(0);
    expect(rows.map(({ name, method, run }) => [name, method, run])).toEqual([
      ['bm25', 'bm25', 'runs/sky/bm25.trec'],
      ['teacher student', 'pointwise-yes', 'runs/sky/teacher.student.trec'],
      ['student student', 'pointwise-yes', 'runs/sky/student.student.trec'],
    ]);
    const plan = {
      label: 'm',
      digest: 'd',
      dtype: 'fp32',
      gives: ['logits'],
      card: { templates: [], files: {} },
    } as unknown as CheckpointPlan;
    const [row] = await planRows({ methods: [{ id: 'pointwise-yes' }] }, [plan]);
    expect([row!.workSlug, JSON.parse(row!.fingerprint)[3]]).toEqual(['m.student', 'student']);
  });

  it('asks in the wording that is named, of another checkpoint too', async () => {
    const methods = [{ id: 'bm25' as const }, { id: 'pointwise-yes' as const, template: embeddedStudent.id }];
    const { rows } = await runEvaluation({ ...request('wording'), methods });
    expect(rows.map(({ name, trainedTemplate }) => [name, trainedTemplate])).toEqual([
      ['bm25', undefined],
      [`teacher pointwise-yes@${embeddedStudent.id}`, false],
      [`student pointwise-yes@${embeddedStudent.id}`, true],
    ]);
  });

  it('asks rows that are the same once, and shows them under each name', async () => {
    const student = { id: 'pointwise-yes' as const };
    const methods = [student, { ...student, template: embeddedStudent.id }];
    const told: string[] = [];
    const twice = { ...request('twice'), checkpoints: [at('student')], methods };
    const notice = (text: string) => told.push(text);
    const dry = await runEvaluation({ ...twice, dryRun: true }, { notice });
    const summary = await runEvaluation(twice);
    const once = await runEvaluation({ ...twice, output: at('once'), methods: [student] });
    expect(dry.estimate!.rows.map(({ row }) => row)).toEqual(['pointwise-yes']);
    expect(summary.calls.asked).toBe(once.calls.asked);
    const [plain, named] = results('twice').rows;
    expect([plain!.name, named!.name]).toEqual(['pointwise-yes', `pointwise-yes@${embeddedStudent.id}`]);
    expect(named!.perQuery).toEqual(plain!.perQuery);
    expect(told.join('\n')).toContain(
      `pointwise-yes@${embeddedStudent.id} asks the same as pointwise-yes: asked once, shown under both names.`,
    );
    const again = await runEvaluation(twice);
    expect(again.calls).toEqual({ asked: 0, resumed: once.calls.asked });
  });

  it('takes candidates from a file, where they are asked for', async () => {
    const candidates = at('lists.jsonl');
    const hits = passages.slice(0, 3).map(({ id, text }) => ({ docid: id, content: text }));
    writeLines(candidates, [{ query: queries[0]!.text, qid: queries[0]!.id, hits }]);
    const told: string[] = [];
    const { rows } = await runEvaluation(
      { ...request('lists'), candidates: [candidates], methods: [{ id: 'bm25' }, { id: 'pointwise-yes' }] },
      { notice: (text) => told.push(text) },
    );
    expect(told.join('\n')).toContain(`lacks ${queries.length} of the judged queries`);
    expect(rows[0]).toMatchObject({ name: 'bm25', queries: queries.length + 1 });
    expect(rows[0]!.measures['accuracy@1']).toBeCloseTo(1 / (queries.length + 1), 12);
    expect(rows[1]!.callsPerQuery).toBe(3);
  });

  it('counts what fills a list up for the methods that ranked it, and not for BM25', async () => {
    const candidates = at('filled.jsonl');
    const hits = passages.slice(0, 3).map(({ id, text }, i) => {
      // The judged one is not retrieved.
      return { docid: id, content: text, score: i, filled: i === 0 ? true : undefined, rank: (i + 2) % 3 };
    });
    writeLines(candidates, [{ query: queries[0]!.text, qid: queries[0]!.id, hits }]);
    const methods = [{ id: 'bm25' as const }, { id: 'pointwise-yes' as const }];
    const { rows } = await runEvaluation({ ...request('filled'), candidates: [candidates], methods });
    expect(rows[0]!.measures['ndcg@10']).toBe(0);
    expect(rows[1]!.measures['ndcg@10']).toBeGreaterThan(0);
    const run = readTrecRun(readFileSync(at('filled', rows[0]!.run), 'utf8'));
    expect(run.get(queries[0]!.id)).toHaveLength(2);
  });

  it('warns of rows whose rankings are no answer, also when they are read again', async () => {
    mkdirSync(at('alike', 'qrels'), { recursive: true });
    const texts = Array.from({ length: 4 }, (_, i) => ({ _id: `p${i}`, text: 'The moon is full tonight.' }));
    writeLines(at('alike', 'corpus.jsonl'), texts);
    writeLines(at('alike', 'queries.jsonl'), [{ _id: 'q1', text: 'the full moon' }]);
    writeFileSync(at('alike', 'qrels', 'test.tsv'), 'query-id\tcorpus-id\tscore\nq1\tp0\t1\n');
    const asked = {
      ...request('doubts'),
      data: [at('alike')],
      checkpoints: [at('student')],
      methods: [{ id: 'pointwise-yes' as const }],
    };
    const warning = expect.stringMatching(
      /^Warning: alike, pointwise-yes: all passages got the same score\. /,
    );
    expect((await runEvaluation(asked)).doubts).toEqual([warning]);
    const told: string[] = [];
    const again = await runEvaluation(asked, { notice: (text) => told.push(text) });
    expect(again).toMatchObject({ calls: { asked: 0 }, doubts: [warning] });
    expect(told).toContainEqual(warning);
  });

  it('asks methods that sort in a random order as well, where that is wanted, and says so', async () => {
    const asked = { ...request('shuffled'), checkpoints: [at('teacher')], shuffled: true, seed: 3 };
    const methods = [{ id: 'bm25' }, { id: 'prp-allpair' }, { id: 'prp-heapsort' }] as const;
    const { rows } = await runEvaluation({ ...asked, methods });
    const names = ['bm25', 'prp-allpair', 'prp-heapsort', 'prp-heapsort, shuffled'];
    expect(rows.map(({ name }) => name)).toEqual(names);
    expect(rows.map(({ shuffled }) => shuffled)).toEqual([undefined, undefined, undefined, { seed: 3 }]);
    const [, , own, shuffled] = results('shuffled').rows.map(({ run }) =>
      readTrecRun(readFileSync(at('shuffled', run), 'utf8')),
    );
    const ids = (run: typeof own, query: string) => run!.get(query)!.map(({ id }) => id);
    // The same passages; where the model contradicts itself, in another order.
    for (const query of own!.keys()) expect(ids(shuffled, query).sort()).toEqual(ids(own, query).sort());
    const orders = (run: typeof own) => [...run!.keys()].map((query) => ids(run, query));
    expect(orders(shuffled)).not.toEqual(orders(own));
    expect(readFileSync(at('shuffled', 'table.md'), 'utf8')).toMatch(/random order first \(seed 3\)/);
    expect((await runEvaluation({ ...asked, methods })).calls.asked).toBe(0);
  });

  it('only estimates in a dry run', async () => {
    const { state, estimate } = await runEvaluation({ ...request('dry'), dryRun: true });
    expect(state).toBe('dry-run');
    const { rows, ...all } = estimate!;
    expect(rows.map(({ calls }) => calls)).toEqual([5, 5, 20, 5].map((n) => n * queries.length));
    for (const { seconds } of rows) expect(seconds).toBeGreaterThan(0);
    expect(all.calls).toBe(35 * queries.length);
    expect(Math.min(all.seconds, all.memoryBytes, all.diskBytes)).toBeGreaterThan(0);
    expect(existsSync(at('dry'))).toBe(false);
  });

  it('refuses before any work', async () => {
    const noSplit = runEvaluation({ ...request('no'), split: 'dev' });
    await expect(noSplit).rejects.toThrow(/sky has no judgments qrels\/dev\.tsv/);
    const noRow = runEvaluation({
      ...request('no'),
      methods: [{ id: 'prp-allpair' }],
      checkpoints: [at('student')],
    });
    await expect(noRow).rejects.toThrow(/No method fits/);
    const noFolder = runEvaluation({ ...request('no'), checkpoints: [at('nowhere')] });
    await expect(noFolder).rejects.toThrow(/ranker\.json cannot be read/);
    expect(existsSync(at('no'))).toBe(false);
  });
});

describe('evaluate as a process', () => {
  it('goes on where it was killed', async () => {
    const args = (output: string) => [
      ...['evaluate', '--data', at('sky'), '--checkpoint', at('teacher'), '--methods', 'bm25,prp-allpair'],
      ...['--k', '8', '--threads', '1', '--output', at(output), '--json'],
    ];
    const whole = await runTrainer(args('whole'));
    expect(whole.code).toBe(0);
    const work = at('killed', 'work', 'sky');
    const journal = () => {
      const name = existsSync(work) ? readdirSync(work)[0] : undefined;
      return name && join(work, name);
    };
    const answers = at('whole', 'work', 'sky');
    const size = statSync(join(answers, readdirSync(answers)[0]!)).size;
    // Early enough that there is something left to be stopped in.
    const random = Math.ceil(0.4 * size * Math.random());
    const killed = await stopWhenGrown(startTrainer(args('killed')), journal, random, 'SIGKILL');
    expect([killed.signal, random]).toEqual(['SIGKILL', random]);
    const left = statSync(journal()!).size;
    appendFileSync(journal()!, '{"query":"half a li');
    const stopped = await stopWhenGrown(startTrainer(args('killed')), journal, left + 200, 'SIGINT');
    expect(stopped.code).toBe(130);
    expect(existsSync(at('killed', 'table.md'))).toBe(false);
    const resumed = await runTrainer(args('killed'));
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.stdout).calls.resumed).toBeGreaterThan(0);
    for (const run of ['bm25.trec', 'teacher.prp-allpair.trec']) {
      const text = (output: string) => readFileSync(at(output, 'runs', 'sky', run), 'utf8');
      expect(text('killed')).toBe(text('whole'));
    }
  }, 240_000);
});
