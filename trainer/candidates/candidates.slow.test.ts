/** `candidates` on files: what it finds, what it refuses, and that it goes on where it was killed. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTrecRun } from '../../src/formats/runs.ts';
import { Bm25Index } from '../../src/retrieval/bm25-index.ts';
import { DEFAULT_BM25 } from '../../src/retrieval/types.ts';
import { readCorpusFile } from '../input/corpus.ts';
import { readLists } from '../input/lists.ts';
import { runTrainer, startTrainer, stopWhenGrown } from '../testing/command-line.ts';
import { testFolder, writeLines } from '../testing/folder.ts';
import { readSampleCorpus } from '../testing/sample-prompts.ts';
import { estimateCandidates } from './candidates-estimate.ts';
import { runCandidates } from './find-candidates.ts';

const folder = testFolder('candidates');
const { passages, queries } = readSampleCorpus('kitchen');
const beir = join(folder, 'kitchen');
mkdirSync(join(beir, 'qrels'), { recursive: true });
writeLines(
  join(beir, 'corpus.jsonl'),
  passages.map(({ id, ...rest }) => ({ _id: id, ...rest })),
);
writeLines(
  join(beir, 'queries.jsonl'),
  queries.map(({ id, text }) => ({ _id: id, text })),
);
const judged = queries.slice(0, 2);
writeFileSync(
  join(beir, 'qrels', 'test.tsv'),
  ['query-id\tcorpus-id\tscore', ...judged.map(({ id }) => `${id}\t${passages[0]!.id}\t1`)].join('\n'),
);
const output = join(folder, 'out.jsonl');
const request = { input: beir, k: 5, bm25: DEFAULT_BM25, output };

describe('candidates', () => {
  it('are what the page’s own index finds, and can be read as hits', async () => {
    const summary = await runCandidates(request);
    expect(summary).toMatchObject({ state: 'done', queries: { total: queries.length, resumed: 0 } });
    const index = new Bm25Index(DEFAULT_BM25);
    for (const passage of passages) index.append(passage);
    const lists = await readLists(output);
    expect(lists.map(({ query }) => query)).toEqual(queries.map(({ id, text }) => ({ id, text })));
    for (const { query, candidates } of lists) {
      const { hits } = index.search(query.text, 5);
      expect(hits.length).toBeGreaterThan(1);
      expect(candidates.map(({ passage, score }) => [passage.id, score])).toEqual(
        hits.map(({ id, score }) => [id, score]),
      );
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('say how far the reading of the corpus is, in bytes', async () => {
    for (const name of ['corpus.jsonl', 'corpus.tsv']) {
      const corpus = join(folder, name);
      const lines = passages.map(({ id, text }) =>
        name.endsWith('.tsv') ? `${id}\t${text}\n` : `${JSON.stringify({ _id: id, text })}\n`,
      );
      writeFileSync(corpus, lines.join(''));
      const told: number[][] = [];
      const queriesFile = { queries: join(beir, 'queries.jsonl') };
      await runCandidates(
        { ...request, ...queriesFile, input: corpus },
        { reading: (done, total) => told.push([done, total]) },
      );
      const { size } = statSync(corpus);
      expect(told.at(-1)).toEqual([size, size]);
    }
  });

  it('are found by stems unless that is switched off, and say so', async () => {
    const corpus = writeLines(join(folder, 'stems.jsonl'), [
      { _id: 'a', text: 'Commuting costs are not deductible.' },
      { _id: 'b', text: 'A commute is a way to work.' },
    ]);
    const topics = join(folder, 'stems.tsv');
    writeFileSync(topics, 'q1\tcan I deduct my commute\n');
    const ids = async (...options: string[]) => {
      const given = ['--input', corpus, '--queries', topics, '--output', output, ...options];
      const { code, stdout } = await runTrainer(['candidates', ...given]);
      expect(code).toBe(0);
      const [list] = await readLists(output);
      const { firstStage } = JSON.parse(readFileSync(output, 'utf8')) as { firstStage: string };
      expect(stdout.split('\n', 1)).toEqual([`First stage: ${firstStage}.`]);
      return [firstStage, ...list!.candidates.map(({ passage }) => passage.id)];
    };
    const text = 'BM25 (k1 1.2, b 0.75, English stemming, stop-words left out)';
    expect(await ids()).toEqual([text, 'a', 'b']);
    expect(await ids('--stemming', 'none')).toEqual([text.replace('English', 'no'), 'b']);
    const { code, stderr } = await runTrainer(['candidates', '--input', corpus, '--stemming', 'german']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('must be one of english, none')]);
  });

  it('are filled up where that is wanted, and queries of stop-words are named', async () => {
    const corpus = writeLines(join(folder, 'few.jsonl'), [
      { _id: 'a', text: 'Nothing of the kind.' },
      { _id: 'b', text: 'A deductible cost.' },
      { _id: 'c', text: 'Something else.' },
    ]);
    const topics = join(folder, 'few.tsv');
    writeFileSync(topics, 'q1\tcan I deduct it\nq2\twhat is it\nq3\t?!\n');
    const options = { ...request, input: corpus, queries: topics, k: 2 };
    const told: string[] = [];
    const found = async (fill: boolean) => {
      const summary = await runCandidates({ ...options, fill }, { notice: (text) => told.push(text) });
      expect(summary.firstStage).toMatchObject({ fill });
      return (await readLists(output)).map(({ candidates }) =>
        candidates.map(
          ({ passage, score, filled }) => `${passage.id}${score > 0 ? '>' : '='}${filled ? '+' : ''}`,
        ),
      );
    };
    expect(await found(false)).toEqual([['b>'], [], []]);
    expect(told).toEqual([
      '1 query has only stop-words (“q2”), so BM25 finds nothing for it. To search for it, use --keep-stop-words (in a recipe: bm25.leaveOutStopWords: false).',
      '1 query has no word to search for (“q3”).',
    ]);
    expect(await found(true)).toEqual([['b>', 'a=+'], ['a=+', 'b=+'], []]);
    expect(readFileSync(output, 'utf8').split('\n', 1)[0]).toContain(
      'filled up with passages that share no word',
    );
    expect((await runTrainer(['candidates', '--input', corpus, '--fill', '--no-fill'])).code).toBe(2);
  });

  it('are only of judged queries when a split is named', async () => {
    await runCandidates({ ...request, split: 'test' });
    const lists = await readLists(output);
    expect(lists.map(({ query }) => query.id)).toEqual(judged.map(({ id }) => id));
  });

  it('come from a run where one is given, in its order', async () => {
    const [a, b, c] = passages.map(({ id }) => id);
    const run = join(folder, 'run.trec');
    const q = queries[1]!.id;
    writeFileSync(run, `${q} Q0 ${a} 1 0.5 t\n${q} Q0 ${b} 2 0.75 t\n${q} Q0 ${c} 3 0.25 t\n`);
    const told: string[] = [];
    await runCandidates({ ...request, run, k: 2 }, { notice: (text) => told.push(text) });
    const lists = await readLists(output);
    expect(lists.map(({ candidates }) => candidates.map(({ passage }) => passage.id))).toEqual(
      queries.map(({ id }) => (id === q ? [b, a] : [])),
    );
    expect(told.join()).toContain(`no results for ${queries.length - 1} queries`);
    await expect(runCandidates({ ...request, run, tag: 'u' })).rejects.toThrow(
      /no run “u”; it contains 1 run \(t\)/,
    );
    writeFileSync(run, `${q} Q0 ${a} 1 0.5 t\n${q} Q0 ${b} 1 0.5 u\n`);
    await expect(runCandidates({ ...request, run })).rejects.toThrow(
      /2 runs \(t, u\)\. Choose one with --tag/,
    );
    await runCandidates({ ...request, run, tag: 'u' });
    expect(
      (await readLists(output)).flatMap((one) => one.candidates.map(({ passage }) => passage.id)),
    ).toEqual([b]);
    writeFileSync(run, `other Q0 ${a} 1 0.5 t\n`);
    await expect(runCandidates({ ...request, run })).rejects.toThrow(
      /run\.trec: it has no results for any of/,
    );
    writeFileSync(run, `${q} Q0 ${a} 1 0.5 t\n${q} Q0 elsewhere 2 0.75 t\n`);
    await expect(runCandidates({ ...request, run })).rejects.toThrow(
      /run\.trec, line 2: passage “elsewhere” is not in .*corpus\.jsonl/,
    );
  });

  it('come from our own run also where ids have white space', async () => {
    const corpus = join(folder, 'spaced.tsv');
    const topics = join(folder, 'spaced-queries.tsv');
    writeFileSync(corpus, 'Salt flat\tWhite and dry.\nPink lake\tIts water is pink.\n');
    writeFileSync(topics, 'q 1\tpink water\n');
    const run = join(folder, 'spaced.trec');
    const entries = [
      { id: 'Pink lake', score: 2 },
      { id: 'Salt flat', score: 1 },
    ];
    const write = (tag: string) => writeFileSync(run, writeTrecRun(new Map([['q 1', entries]]), tag));
    const spaced = { ...request, input: corpus, queries: topics, run };
    write('rankscope-student');
    await runCandidates(spaced);
    const [list] = await readLists(output);
    expect(list!.query.id).toBe('q 1');
    expect(list!.candidates.map(({ passage }) => passage.id)).toEqual(['Pink lake', 'Salt flat']);
    // In another program's run “_” is itself.
    write('bm25');
    await expect(runCandidates(spaced)).rejects.toThrow(/spaced\.trec: it has no results for any of/);
  });

  it('of a run over a TSV keep the passages alone that the run names', async () => {
    const corpus = join(folder, 'large.tsv');
    writeFileSync(corpus, passages.map(({ id, text }) => `${id}\t${text}\n`).join(''));
    const wanted = new Set([passages[1]!.id, passages[4]!.id]);
    const { passages: kept, notices } = await readCorpusFile(corpus, { wanted, needIds: true });
    expect([kept.map(({ id }) => id), notices]).toEqual([[...wanted], []]);
    const run = join(folder, 'tsv.trec');
    writeFileSync(
      run,
      queries.map(({ id }) => [...wanted].map((p, i) => `${id} Q0 ${p} ${i} ${-i} t\n`).join('')).join(''),
    );
    const topics = join(folder, 'topics.tsv');
    writeFileSync(topics, queries.map(({ id, text }) => `${id}\t${text}\n`).join(''));
    await runCandidates({ ...request, input: corpus, queries: topics, run });
    for (const { candidates } of await readLists(output)) {
      expect(candidates.map(({ passage }) => passage.id)).toEqual([...wanted]);
    }
    writeFileSync(corpus, `${passages[0]!.id}\tone\n${passages[0]!.id}\ttwo\n`);
    await expect(readCorpusFile(corpus, { wanted })).rejects.toThrow(
      /line 2: The id .* is on line 1 and again/,
    );
  });

  it('are found in TSV files and with TREC topics, too', async () => {
    const corpus = join(folder, 'collection.tsv');
    writeFileSync(corpus, passages.map(({ id, text }) => `${id}\t${text}\n`).join(''));
    const topics = join(folder, 'topics.txt');
    writeFileSync(topics, `<top>\n<num> Number: 7\n<title> ${queries[0]!.text}\n</top>\n`);
    await runCandidates({ ...request, input: corpus, queries: topics });
    expect(await readLists(output)).toMatchObject([{ query: { id: '7', text: queries[0]!.text } }]);
  });

  it('are estimated from the head of a large corpus, a JSON array on one line too', async () => {
    // Bytes that hold no words: the size of the file is what this is about.
    const filler = '. '.repeat(5000);
    const many = Array.from({ length: 2600 }, (_, i) => ({
      _id: `p${i}`,
      text: `${passages[i % passages.length]!.text} ${filler}`,
    }));
    const corpus = join(folder, 'large.json');
    const options = {
      ...request,
      input: corpus,
      queries: join(beir, 'queries.jsonl'),
      output: join(folder, 'large.jsonl'),
    };
    writeFileSync(corpus, JSON.stringify(many));
    const estimate = await estimateCandidates(options, true);
    expect(estimate).toMatchObject({ queries: queries.length, searchesPerSecond: expect.any(Number) });
    // Errors are about the file that the user knows.
    writeFileSync(corpus, `{"_id": 1}${' '.repeat(1000)}\n`.repeat(25_000));
    await expect(estimateCandidates(options, true)).rejects.toThrow(
      new RegExp(`^${corpus}: it has no passages`),
    );
  });

  it('leaves out passages with nothing in them and takes a title for a text', async () => {
    const corpus = writeLines(join(folder, 'odd.jsonl'), [
      { _id: 'a', title: '', text: '' },
      { _id: 'b', title: queries[0]!.text, text: '' },
    ]);
    const told: string[] = [];
    const options = { ...request, input: corpus, queries: join(beir, 'queries.jsonl') };
    await runCandidates(options, { notice: (text) => told.push(text) });
    const [first] = await readLists(output);
    expect(first!.candidates).toMatchObject([{ passage: { id: 'b', text: queries[0]!.text } }]);
    expect(told.join()).toContain('1 passage left out');
  });

  it.each([
    ['no id', '{"_id": "a", "text": "x"}\n{"text": "x"}\n', /odd\.jsonl, line 2: There is no “_id”/],
    ['no text', '{"_id": "a"}\n', /odd\.jsonl, line 1: No text: expected a key "text"/],
    [
      'an id twice',
      '{"_id":"a","text":"x"}\n\n{"_id":"a","text":"y"}',
      /line 3: The id “a” is on line 1 and again on line 3/,
    ],
    ['broken JSON', '{"_id": "a"', /odd\.jsonl, line 1: Not valid JSON/],
  ])('names the line of a passage with %s', async (_, text, message) => {
    const corpus = join(folder, 'odd.jsonl');
    writeFileSync(corpus, text);
    const options = { ...request, input: corpus, queries: join(beir, 'queries.jsonl') };
    await expect(runCandidates(options)).rejects.toThrow(message);
  });

  it('says which splits there are, and which judgments name no query', async () => {
    await expect(runCandidates({ ...request, split: 'dev' })).rejects.toThrow(/choose --split test/);
    const qrels = join(folder, 'other.qrels');
    writeFileSync(qrels, 'unknown 0 p1 1\n');
    await expect(runCandidates({ ...request, qrels })).rejects.toThrow(/other\.qrels: it judges 1 quer/);
  });
});

describe('candidates as a process', () => {
  const many = join(folder, 'many.tsv');
  const words = passages.flatMap(({ text }) => text.split(/\W+/)).filter((word) => word.length > 3);
  const word = (i: number) => words[(i * 7919) % words.length]!;
  const count = 6000;
  writeFileSync(
    many,
    Array.from(
      { length: count },
      (_, i) => `m${i}\t${[1, 2, 3, 4, 5].map((n) => word(i * n)).join(' ')}\n`,
    ).join(''),
  );
  const args = (name: string) => [
    ...['candidates', '--input', join(beir, 'corpus.jsonl'), '--queries', many],
    ...['--k', '40', '--output', join(folder, name), '--json'],
  ];
  const part = () => {
    const name = readdirSync(folder).find((file) => file.startsWith('killed.jsonl.'));
    return name && join(folder, name);
  };

  it('goes on where it was killed, to the same bytes', async () => {
    const whole = await runTrainer(args('whole.jsonl'));
    expect(whole).toMatchObject({ code: 0, stderr: expect.stringMatching(/^6,000 queries, about .*\n$/) });
    const expected = readFileSync(join(folder, 'whole.jsonl'));

    const killed = await stopWhenGrown(
      startTrainer(args('killed.jsonl')),
      part,
      expected.length / 5,
      'SIGKILL',
    );
    expect(killed.signal).toBe('SIGKILL');
    expect(readdirSync(folder)).not.toContain('killed.jsonl');
    const stopped = await stopWhenGrown(
      startTrainer(args('killed.jsonl')),
      part,
      expected.length / 2,
      'SIGINT',
    );
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain('Run the same command again');
    const resumed = await runTrainer(args('killed.jsonl'));
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringMatching(/^6,000 queries, about .*\n$/) });
    expect(JSON.parse(resumed.stdout).queries.resumed).toBeGreaterThan(count / 3);
    expect(readFileSync(join(folder, 'killed.jsonl')).equals(expected)).toBe(true);
    expect(part()).toBeUndefined();
  }, 180_000);

  it('explains itself and refuses what it does not know', async () => {
    const [help, wrong] = await Promise.all([
      runTrainer(['candidates', '--help']),
      runTrainer(['candidates', '--input', beir, '--output', output, '--k', 'ten']),
    ]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--split NAME');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('--k is “ten”');
  });

  it('says what it would take, and that a corpus is not there, before it writes', async () => {
    const none = join(folder, 'none.jsonl');
    const [dry, ...missing] = await Promise.all([
      runTrainer(['candidates', '--input', beir, '--output', none, '--dry-run', '--json']),
      ...[[], ['--dry-run']].map((more) =>
        runTrainer([
          ...['candidates', '--input', join(folder, 'nosuch.tsv'), '--queries', join(beir, 'queries.jsonl')],
          ...['--output', none, ...more],
        ]),
      ),
    ]);
    expect(dry!.code).toBe(0);
    const { state, estimate } = JSON.parse(dry!.stdout);
    expect([state, estimate.queries]).toEqual(['dry-run', queries.length]);
    expect(Math.min(estimate.seconds, estimate.memoryBytes, estimate.diskBytes)).toBeGreaterThan(0);
    for (const { code, stderr } of missing) {
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/nosuch\.tsv cannot be read: there is no such file/),
      ]);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([]);
  }, 120_000);
});
