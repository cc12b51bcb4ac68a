/** One query too long for the model: refused before the work, or cut and counted, in rank, label and evaluate. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAllDecisions } from '../../src/formats/decisions-read.ts';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { PRESETS } from '../../src/ranking/templates.ts';
import { DEFAULT_BM25 } from '../../src/retrieval/types.ts';
import { runEvaluation } from '../evaluate/run-evaluate.ts';
import { runLabel } from '../label/run-label.ts';
import { teacherSource } from '../label/teacher.ts';
import { runRank } from '../rank/run-rank.ts';
import { runTrainer } from '../testing/command-line.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { readLabels } from '../train/labels.ts';
import { fitOf } from './fit-queries.ts';
import { openTokenizer } from './model-folder.ts';

const folder = testFolder('fit-queries');
const at = (...names: string[]) => join(folder, ...names);
const limits = { maxTokens: 200 };
const corpus = readSampleCorpus('kitchen');
const long = 'how long may a soup stand before it is eaten '.repeat(40).trim();
const lists = [
  { query: { id: 'short', text: corpus.queries[0]!.text }, candidates: firstCandidates(corpus, 4) },
  { query: { id: 'long', text: long }, candidates: firstCandidates(corpus, 4) },
];

beforeAll(async () => {
  await writeTinyCheckpoint(at('teacher'), { dtypes: ['fp32'], ...limits });
  writeFileSync(at('hits.json'), writeRankGptHits(lists));
});

const rank = (over: object = {}) => {
  const told: string[] = [];
  const summary = runRank(
    {
      checkpoint: at('teacher'),
      method: 'prp-allpair',
      input: at('hits.json'),
      threads: 1,
      format: 'decisions',
      output: at('out.jsonl'),
      ...over,
    },
    { notice: (text) => told.push(text) },
  );
  return summary.then((done) => ({ summary: done, told: told.join('\n') }));
};

describe('queries too long for a model', () => {
  it('are refused before the work, with what helps', async () => {
    await expect(rank()).rejects.toThrow(
      /hits\.json, line \d+: query long .* this model reads 200.*Shorten the query.*--cut-queries/,
    );
  });

  it('are cut where that is asked, and counted in summary and output', async () => {
    const { summary, told } = await rank({ cutQueries: true });
    expect([summary.state, summary.cutQueries, summary.queries.done]).toEqual(['done', 1, 2]);
    expect(told).toMatch(/1 query is too long for this model \(200 tokens\)/);
    const [short, cut] = readAllDecisions(readFileSync(at('out.jsonl'), 'utf8'));
    expect(short!.queryCut).toBeUndefined();
    expect(cut!.query).toBe(long);
    expect(cut!.queryCut!.total).toBe(long.length);
    expect(cut!.queryCut!.kept).toBeGreaterThan(20);
    // The model has read some of the passages, too.
    const { decisions } = cut!.methods.teacher;
    expect(decisions).toHaveLength(12);
    for (const { tokens } of decisions) expect(tokens).toBeLessThanOrEqual(200);
    expect(new Set(decisions.map(({ logitA }) => logitA)).size).toBeGreaterThan(6);
  });

  it('are asked alone as they are asked among others', async () => {
    const kept = readAllDecisions(readFileSync(at('out.jsonl'), 'utf8'))[1]!.queryCut!.kept;
    const query = { id: 'long', text: long.slice(0, kept) };
    writeFileSync(at('cut.json'), writeRankGptHits([{ ...lists[1]!, query }]));
    await rank({ input: at('cut.json'), output: at('cut.jsonl') });
    const logits = (file: string, index: number) =>
      readAllDecisions(readFileSync(at(file), 'utf8'))[index]!.methods.teacher.decisions.map((d) => d.logitA);
    expect(logits('cut.jsonl', 0)).toEqual(logits('out.jsonl', 1));
  });

  it('keep a beginning that ends with a word and leaves room for passages, whatever they are', async () => {
    const tokenizer = await openTokenizer(at('teacher'));
    const word = fc.stringMatching(/^[a-zäß,.]{1,12}$/);
    const text = fc.array(fc.oneof(word, fc.constant('犬が走る'), fc.constant('x'.repeat(900))), {
      minLength: 100,
      maxLength: 160,
    });
    for (const template of PRESETS) {
      const fit = fitOf(template, tokenizer, { limits });
      const half = (limits.maxTokens - fit.tokens('')) / 2;
      if (half < 8) continue;
      fc.assert(
        fc.property(text, (words) => {
          const query = { id: 'q', text: words.join(' ') };
          const cut = fit.cut(query);
          expect(query.text.startsWith(cut.text)).toBe(true);
          expect(cut.text).not.toBe('');
          expect(limits.maxTokens - fit.tokens(cut.text)).toBeGreaterThanOrEqual(Math.floor(half));
        }),
        { numRuns: 20 },
      );
    }
  });

  it('are cut for a teacher, and labels and audit say so', async () => {
    const options = {
      checkpoint: at('teacher'),
      input: at('hits.json'),
      schedule: 'all-pairs',
      threads: 1,
    } as const;
    const label = (cutQueries: boolean, output: string) =>
      runLabel({ input: at('hits.json'), output, source: () => teacherSource({ ...options, cutQueries }) });
    await expect(label(false, at('no.jsonl'))).rejects.toThrow(/query long .*--cut-queries/);
    const { audit } = await label(true, at('labels.jsonl'));
    expect(audit!.cutQueries).toBe(1);
    const text = readFileSync(at('labels.jsonl'), 'utf8');
    const [short, cut] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(short!.queryCut).toBeUndefined();
    expect(cut).toMatchObject({ query: long, queryCut: { total: long.length } });
    // What a student learns is asked with what the teacher read.
    const { lists: learnt } = await readLabels([at('labels.jsonl')]);
    expect(learnt.map(({ query }) => query.text)).toEqual([
      lists[0]!.query.text,
      long.slice(0, cut.queryCut.kept),
    ]);
    // Gone on from, the lines and the audit are the same.
    const whole = readFileSync(at('labels.audit.json'), 'utf8');
    writeFileSync(at('labels.jsonl'), text.slice(0, -50));
    await label(true, at('labels.jsonl'));
    expect(readFileSync(at('labels.jsonl'), 'utf8')).toBe(text);
    await label(true, at('labels.jsonl'));
    expect(readFileSync(at('labels.audit.json'), 'utf8')).toBe(whole);
  });

  it('are cut for the models of an evaluation, and its results say for which', async () => {
    mkdirSync(at('kitchen', 'qrels'), { recursive: true });
    writeLines(
      at('kitchen', 'corpus.jsonl'),
      corpus.passages.map(({ id, ...rest }) => ({ _id: id, ...rest })),
    );
    writeLines(
      at('kitchen', 'queries.jsonl'),
      lists.map(({ query }) => ({ _id: query.id, text: query.text })),
    );
    const judged = lists.map(({ query }) => `${query.id}\t${corpus.passages[0]!.id}\t1\n`).join('');
    writeFileSync(at('kitchen', 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${judged}`);
    const evaluate = (cutQueries: boolean) =>
      runEvaluation({
        data: [at('kitchen')],
        checkpoints: [at('teacher')],
        k: 3,
        bm25: DEFAULT_BM25,
        threads: 1,
        methods: [{ id: 'bm25' }, { id: 'prp-allpair' }],
        output: at('evaluation'),
        cutQueries,
        measures: ['ndcg@10'],
        compared: 'ndcg@10',
      });
    await expect(evaluate(false)).rejects.toThrow(/query long .*--cut-queries/);
    const { rows } = await evaluate(true);
    expect(rows.map((row) => row.cutQueries)).toEqual([undefined, 1]);
    expect(readFileSync(at('evaluation', 'table.md'), 'utf8')).toMatch(
      /Queries too long for a model were cut for it \(kitchen, .*prp-allpair: 1\)/,
    );
  });

  it('are cut by the option of that name', async () => {
    const args = [
      'rank',
      '--checkpoint',
      at('teacher'),
      '--method',
      'prp-allpair',
      '--input',
      at('hits.json'),
    ];
    const { code, stdout } = await runTrainer([
      ...args,
      '--cut-queries',
      '--json',
      '--output',
      at('cli.trec'),
    ]);
    expect([code, JSON.parse(stdout).cutQueries]).toEqual([0, 1]);
  });
});
