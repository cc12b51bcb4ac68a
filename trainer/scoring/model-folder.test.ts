/** Folders in transformers.js' layout under `rank`, `label` and `evaluate`: as the checkpoint made of the same weights. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAllDecisions } from '../../src/formats/decisions-read.ts';
import { writeRankGptHits } from '../../src/formats/hits.ts';
import { parseJsonValues } from '../../src/formats/json-check.ts';
import { readLabelValue } from '../../src/formats/label-line.ts';
import { DEFAULT_BM25 } from '../../src/retrieval/types.ts';
import { DEFAULT_MEASURES } from '../evaluate/measures.ts';
import { runEvaluation } from '../evaluate/run-evaluate.ts';
import { runLabel } from '../label/run-label.ts';
import { teacherSource } from '../label/teacher.ts';
import { runRank } from '../rank/run-rank.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { tinyPair } from '../testing/tiny-pair.ts';
import { openModel, openTokenizer, readModel } from './model-folder.ts';
import { readingOf } from './reading-digest.ts';

const folder = testFolder('model-folder');
const at = (...names: string[]) => join(folder, ...names);
const pair = at('pair');
const fused = at('fused');
const input = at('hits.jsonl');
const corpus = readSampleCorpus('kitchen');
const lists = corpus.queries.slice(0, 2).map((query, i) => ({
  query: { id: query.id, text: query.text },
  candidates: firstCandidates(corpus, 4 - i),
}));

beforeAll(async () => {
  for (const [path, bytes] of tinyPair({ dtypes: ['fp32', 'q4'], chunks: 1 })) {
    mkdirSync(dirname(join(pair, path)), { recursive: true });
    writeFileSync(join(pair, path), bytes);
  }
  await writeTinyCheckpoint(fused, { dtypes: ['fp32'], maxTokens: 512, maxPassageTokens: 512 });
  writeFileSync(input, writeRankGptHits(lists, { lines: true }));
});

describe('a folder in transformers.js’ layout', () => {
  it('is described before it is loaded, by the digest that its scorer has', async () => {
    const { card, dtype, digest, bytes } = await readModel(pair);
    expect([card.name, dtype, Object.keys(card.scorers).sort()]).toEqual(['pair', 'fp32', ['fp32', 'q4']]);
    expect(card.templates.length).toBeGreaterThan(0);
    const opened = await openModel(pair, 1);
    expect(opened.scorer.info).toMatchObject({ digest, dtype: 'fp32' });
    expect(opened.bytes).toBe(bytes);
    // Answers are kept by how a model reads, which no scorer's digest says.
    expect(readingOf(opened.card)).toEqual(readingOf(card));
    expect(readingOf(card).tokenizer).toMatch(/^[0-9a-f]{64}$/);
    await opened.scorer.dispose();
    expect((await readModel(pair, 'q4')).digest).not.toBe(digest);
    await expect(readModel(pair, 'int8')).rejects.toThrow(/pair has no int8 files for cpu; it has fp32, q4/);
    const text = 'cold water';
    expect((await openTokenizer(pair)).count(text)).toBe((await openTokenizer(fused)).count(text));
  });

  it('ranks as the checkpoint does', async () => {
    const { templates } = (await readModel(pair)).card;
    const { id: template } = templates.find(({ kind }) => kind === 'pairwise')!;
    const decided = async (checkpoint: string) => {
      const output = at(`${checkpoint === pair ? 'pair' : 'fused'}.json`);
      await runRank({
        checkpoint,
        template,
        input,
        output,
        untrained: true,
        threads: 1,
        method: 'prp-allpair',
        format: 'decisions',
      });
      return readAllDecisions(readFileSync(output, 'utf8')).flatMap(({ methods }) =>
        methods.teacher.decisions.flatMap(({ logitA, logitB }) => [logitA, logitB]),
      );
    };
    const [ours, theirs] = [await decided(fused), await decided(pair)];
    expect(theirs).toHaveLength(2 * (12 + 6));
    for (const [i, logit] of theirs.entries()) expect(logit).toBeCloseTo(ours[i]!, 4);
  });

  it('labels', async () => {
    const output = at('labels.jsonl');
    const source = () =>
      teacherSource({ checkpoint: pair, input, schedule: 'all-pairs', threads: 1, untrained: true });
    expect(await runLabel({ input, output, source })).toMatchObject({ state: 'done' });
    const lines = parseJsonValues(readFileSync(output, 'utf8'), output).map((value, i) =>
      readLabelValue(value, i, output),
    );
    expect(lines).toHaveLength(2);
    expect(lines[0]!.source).toMatchObject({
      name: 'pair',
      dtype: 'fp32',
      digest: (await readModel(pair)).digest,
    });
  });

  it('is evaluated', async () => {
    const data = at('data');
    mkdirSync(join(data, 'qrels'), { recursive: true });
    writeLines(
      join(data, 'corpus.jsonl'),
      corpus.passages.map(({ id, ...rest }) => ({ _id: id, ...rest })),
    );
    writeLines(
      join(data, 'queries.jsonl'),
      lists.map(({ query: { id, text } }) => ({ _id: id, text })),
    );
    const judged = lists.map(({ query }) => `${query.id}\t${corpus.passages[0]!.id}\t1\n`).join('');
    writeFileSync(join(data, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${judged}`);
    const { rows } = await runEvaluation({
      data: [data],
      checkpoints: [pair],
      methods: [{ id: 'prp-allpair' }],
      k: 3,
      output: at('out'),
      bm25: DEFAULT_BM25,
      measures: DEFAULT_MEASURES,
      compared: 'ndcg@10',
      threads: 1,
      untrained: true,
    });
    expect(rows.map(({ name }) => name)).toContain('prp-allpair');
  });
});

it('names what a folder is not', async () => {
  mkdirSync(at('empty'), { recursive: true });
  await expect(readModel(at('empty'))).rejects.toThrow(/ranker\.json/);
  await expect(readModel(at('none'))).rejects.toMatchObject({ code: 'missing' });
});
