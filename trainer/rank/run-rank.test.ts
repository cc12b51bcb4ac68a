/** `rank` on a sample with a checkpoint made here: the same core as the page, its exports, its faults. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAllDecisions, readDecisions } from '../../src/formats/decisions-read.ts';
import { readHits, writeRankGptHits } from '../../src/formats/hits.ts';
import { openRecordings } from '../../src/formats/recording/open.ts';
import { readTrecRun } from '../../src/formats/runs.ts';
import { progressAt } from '../../src/ranking/progress/apply-events.ts';
import { renameConstant } from '../testing/other-layout.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import type { RankRequest } from './rank-request.ts';
import { runRank } from './run-rank.ts';

const root = mkdtempSync(join(tmpdir(), 'rankscope-rank-'));
const path = (name: string) => join(root, name);
const read = (name: string) => readFileSync(path(name), 'utf8');

const corpus = readSampleCorpus('kitchen');
const lists = corpus.queries.slice(0, 3).map((query, i) => ({
  query,
  candidates: firstCandidates(corpus, i === 2 ? 1 : 8),
}));

const teacher = path('teacher');
const student = path('student');
let outputs = 0;

beforeAll(async () => {
  await writeTinyCheckpoint(teacher, { dtypes: ['fp32', 'int8'] });
  await writeTinyCheckpoint(student, { role: 'student', seed: 2, dtypes: ['fp32', 'int8'] });
  writeFileSync(path('hits.json'), writeRankGptHits(lists));
  writeFileSync(path('one.json'), writeRankGptHits(lists.slice(0, 1)));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function request(over: Partial<RankRequest> = {}): RankRequest & { output: string } {
  return {
    checkpoint: teacher,
    method: 'prp-allpair',
    input: path('hits.json'),
    format: 'trec',
    threads: 1,
    output: path(`out-${outputs++}`),
    ...over,
  } as RankRequest & { output: string };
}

/** Everything of a decisions file but the clock. */
const untimed = (text: string) => text.replace(/"ms":\s*[\d.e-]+/g, '"ms":0');

async function decided(over: Partial<RankRequest>) {
  const asked = request({ format: 'decisions', ...over });
  const summary = await runRank(asked);
  return { summary, text: readFileSync(asked.output, 'utf8') };
}

describe('rank', () => {
  it('says why texts are slow, once, and is slow all the same', async () => {
    const told: string[] = [];
    const listener = { notice: (text: string) => text.includes('slowly') && told.push(text) };
    const [quick, slow] = [path('quick'), path('slow')];
    for (const folder of [quick, slow]) await writeTinyCheckpoint(folder, { dtypes: ['fp32'] });
    await renameConstant(slow);
    const byTexts = { method: 'qlm', dtype: 'fp32', untrained: true, input: path('one.json') } as const;
    const first = request({ checkpoint: quick, ...byTexts });
    await runRank(first, listener);
    expect(told).toEqual([]);
    const second = request({ checkpoint: slow, ...byTexts });
    await runRank(second, listener);
    expect(told).toEqual([
      expect.stringMatching(
        /^tiny-teacher judges and writes texts slowly here: .+encoder\.final_layer_norm\.weight/,
      ),
    ]);
    const order = (output: string) => readFileSync(output, 'utf8').replaceAll(/ [-\d.]+ \S+$/gm, '');
    expect(order(second.output)).toBe(order(first.output));
    await runRank(request({ checkpoint: slow, dtype: 'fp32', input: path('one.json') }), listener);
    expect(told).toHaveLength(1);
  });

  for (const dtype of ['fp32', 'int8'] as const) {
    it(`gives the same bytes twice (${dtype})`, async () => {
      const [first, second] = [request({ dtype }), request({ dtype })];
      await runRank(first);
      await runRank(second);
      const run = readFileSync(first.output, 'utf8');
      expect(readFileSync(second.output, 'utf8')).toBe(run);
      expect([...readTrecRun(run).keys()]).toEqual(lists.map(({ query }) => query.id));
      const [one, other] = [await decided({ dtype }), await decided({ dtype })];
      expect(untimed(other.text)).toBe(untimed(one.text));
    });
  }

  it('ranks nearly alike with int8 and fp32', async () => {
    const scores = async (dtype: 'fp32' | 'int8') => {
      const { text } = await decided({ checkpoint: student, method: 'pointwise-yes', dtype });
      return readAllDecisions(text).flatMap(({ methods }) =>
        methods.student.scored.map(({ score }) => score),
      );
    };
    const [exact, rounded] = [await scores('fp32'), await scores('int8')];
    expect(exact).toHaveLength(17);
    expect(correlation(exact, rounded)).toBeGreaterThan(0.97);
    // And int8 is not a second copy of fp32.
    expect(exact).not.toEqual(rounded);
  });

  it('says before the work which ids a run cannot hold, and refuses two that would be one', async () => {
    const write = (ids: readonly [string, string], query = 'q 1') => {
      const candidates = firstCandidates(corpus, 2).map((candidate, i) => ({
        ...candidate,
        passage: { ...candidate.passage, id: ids[i]! },
      }));
      const query1 = { id: query, text: corpus.queries[0]!.text };
      writeFileSync(path('spaced.json'), writeRankGptHits([{ query: query1, candidates }]));
    };
    const told: string[] = [];
    const notice = (text: string) => told.push(text);
    const asked = request({ input: path('spaced.json') });
    write(['Salt flat', 'p2']);
    await runRank(asked, { notice });
    expect(told.filter((text) => text.includes('white space'))).toEqual([
      expect.stringMatching(/^1 query id and 1 passage id have white space/),
    ]);
    expect(readFileSync(asked.output, 'utf8')).toContain('q_1 Q0 Salt_flat ');
    write(['Salt flat', 'Salt_flat']);
    await expect(runRank(asked)).rejects.toThrow(/“Salt flat” and “Salt_flat” would both be “Salt_flat”/);
    // Decisions hold any id.
    told.length = 0;
    await runRank({ ...asked, format: 'decisions' }, { notice });
    expect(told.filter((text) => text.includes('white space'))).toEqual([]);
  });

  it('exports what the page exports: one document for one query', async () => {
    const { summary, text } = await decided({ input: path('one.json') });
    const document = readDecisions(text);
    const { teacher: column, student: idle } = document.methods;
    expect(document.query).toBe(lists[0]!.query.text);
    expect(document.candidates.map(({ id }) => id)).toEqual(lists[0]!.candidates.map((c) => c.passage.id));
    expect(column).toMatchObject({ method: 'prp-allpair', state: 'done' });
    expect(column.checkpoint).toMatchObject({ name: 'tiny-teacher', dtype: 'int8', device: 'cpu' });
    expect(column.decisions).toHaveLength(56);
    expect([...column.order].sort()).toEqual(document.candidates.map(({ id }) => id).sort());
    expect(idle).toMatchObject({ state: 'idle', order: [] });
    expect(summary.calls).toEqual({ calls: 56, upperBound: false, asked: 56, cached: 0 });
    // Eq. 5 over the file's own decisions gives the file's scores.
    for (const [i, id] of column.order.entries()) {
      const score = column.decisions.reduce((sum, { a, b, preference }) => {
        if (a === id) return sum + preference;
        return b === id ? sum + 1 - preference : sum;
      }, 0);
      expect(column.scores[i]).toBeCloseTo(score, 9);
    }
  });

  it('writes a document a line for several queries, a lone candidate included', async () => {
    const { summary, text } = await decided({ method: 'prp-heapsort' });
    expect(text.trimEnd().split('\n')).toHaveLength(3);
    const documents = readAllDecisions(text);
    expect(documents.map(({ methods }) => methods.teacher.order.length)).toEqual([8, 8, 1]);
    expect(documents[2]!.methods.teacher).toMatchObject({ state: 'done', decisions: [] });
    expect(summary.calls.asked).toBeLessThanOrEqual(summary.calls.calls);
    expect(summary.queries).toEqual({ total: 3, done: 3, resumed: 0 });
  });

  it('writes recordings with times that open and replay, also after a stop', async () => {
    const { text } = await decided({});
    const stop = new AbortController();
    const asked = request({ format: 'recording', signal: stop.signal });
    let queries = 0;
    await runRank(asked, {
      progress: (_, __, id) => id !== lists[0]!.query.id && queries++ === 0 && stop.abort(),
    });
    await runRank({ ...asked, signal: undefined });
    const recordings = openRecordings(new Uint8Array(readFileSync(asked.output)), 'out');
    const wanted = readAllDecisions(text);
    expect(recordings.map(({ query }) => query.id)).toEqual(wanted.map(({ queryId }) => queryId));
    for (const [i, { candidates, runs }] of recordings.entries()) {
      const { timed, events, kind, checkpoint } = runs[0]!;
      expect([timed, checkpoint?.threads]).toEqual([true, 1]);
      expect(events.at(-1)).toMatchObject({ type: 'done' });
      const { order } = progressAt(kind, candidates.length, events);
      expect(order.map((at) => candidates[at]!.passage.id)).toEqual(wanted[i]!.methods.teacher.order);
    }
  });

  it('writes hits in the new order, and rankings alone', async () => {
    const hits = request({ format: 'hits', checkpoint: student, method: 'pointwise-yes' });
    const json = request({ format: 'json', checkpoint: student, method: 'pointwise-yes' });
    await runRank(hits);
    await runRank(json);
    const lists = readHits(readFileSync(hits.output, 'utf8'));
    const rankings = JSON.parse(readFileSync(json.output, 'utf8')) as {
      state: string;
      queries: { order: string[] }[];
    };
    expect(rankings.state).toBe('done');
    expect(lists.map(({ candidates }) => candidates.map(({ passage }) => passage.id))).toEqual(
      rankings.queries.map(({ order }) => order),
    );
  });

  it('reads the first k candidates only', async () => {
    const { text } = await decided({ k: 3, method: 'prp-sliding', passes: 2 });
    const sizes = readAllDecisions(text).map(({ candidates }) => candidates.length);
    expect(sizes).toEqual([3, 3, 1]);
  });

  it('ranks by true probabilities between 0 and 2', async () => {
    const { text } = await decided({ method: 'rg', trueProbabilities: true });
    const scores = readAllDecisions(text).flatMap(({ methods }) => methods.student.scores);
    expect(scores).toHaveLength(17);
    for (const score of scores) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThan(2);
    }
  });

  it('measures and estimates in a dry run, and writes nothing', async () => {
    const summary = await runRank({ ...request(), output: undefined });
    expect(summary.state).toBe('dry-run');
    expect(summary.estimate).toMatchObject({ calls: 112, probed: 24 });
    expect(summary.estimate!.seconds).toBeGreaterThan(0);
    expect(summary.calls.asked).toBe(0);
  });

  it('says that a wording was not trained on', async () => {
    const notices: string[] = [];
    const asked = request({ template: 'paper-prp', input: path('one.json'), k: 2 });
    const summary = await runRank(asked, { notice: (text) => notices.push(text) });
    expect(summary).toMatchObject({ trainedTemplate: false, template: { id: 'paper-prp' } });
    expect(notices).toEqual([expect.stringContaining('was not trained on')]);
  });

  it('asks no student to compare pairs, unless told to', async () => {
    const asked = request({
      checkpoint: student,
      output: path('refused.trec'),
      input: path('one.json'),
      k: 2,
    });
    for (const dryRun of [false, true]) {
      await expect(runRank({ ...asked, dryRun })).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringMatching(
          /not trained on the prompts of prp-allpair, .*; it was trained on .* \(pointwise\)\. .* --untrained/,
        ),
      });
    }
    expect(existsSync(asked.output)).toBe(false);
    expect(await runRank({ ...asked, untrained: true })).toMatchObject({
      state: 'done',
      trainedTemplate: false,
    });
  });
});

describe('a run that is interrupted', () => {
  // More than the scorer hands on at once, so that some are left when it is stopped.
  const wide = 120;
  beforeAll(() => {
    const asked = [8, 12].map((k, i) => ({ query: lists[i]!.query, candidates: firstCandidates(corpus, k) }));
    writeFileSync(path('pairs.json'), writeRankGptHits(asked));
    const corpusWide = {
      query: lists[0]!.query,
      candidates: firstCandidates(readSampleCorpus('town'), wide),
    };
    writeFileSync(path('wide.json'), writeRankGptHits([corpusWide]));
  });

  it('writes what is finished, the rest marked as cancelled, and can be read back', async () => {
    const stop = new AbortController();
    const input = path('pairs.json');
    const asked = request({ format: 'decisions', input, signal: stop.signal });
    const summary = await runRank(asked, {
      // In the middle of the second query.
      progress: (done) => done > 70 && stop.abort(),
    });
    expect(summary.state).toBe('cancelled');
    expect(summary.queries).toEqual({ total: 2, done: 1, resumed: 0 });
    const documents = readAllDecisions(readFileSync(asked.output, 'utf8'));
    expect(documents.map(({ methods }) => methods.teacher.state)).toEqual(['done', 'cancelled']);
    expect(documents[1]!.methods.teacher.decisions.length).toBeGreaterThan(0);
    expect(documents[1]!.methods.teacher.decisions.length).toBeLessThan(12 * 11);
    // Answers before the stop are those of a run without one.
    const { text } = await decided({ input });
    const unbroken = readAllDecisions(text)[1]!.methods.teacher.decisions;
    for (const { a, b, logitA, logitB } of documents[1]!.methods.teacher.decisions) {
      expect(unbroken).toContainEqual(expect.objectContaining({ a, b, logitA, logitB }));
    }
  });

  it('leaves partial rankings out of a TREC run', async () => {
    const stop = new AbortController();
    const asked = request({ input: path('pairs.json'), signal: stop.signal });
    await runRank(asked, { progress: (done) => done > 70 && stop.abort() });
    expect([...readTrecRun(readFileSync(asked.output, 'utf8')).keys()]).toEqual([lists[0]!.query.id]);
  });

  it('leaves out passages without a score', async () => {
    const stop = new AbortController();
    const asked = request({
      format: 'decisions',
      method: 'pointwise-yes',
      checkpoint: student,
      signal: stop.signal,
    });
    await runRank({ ...asked, input: path('wide.json') }, { progress: (done) => done > 0 && stop.abort() });
    const { state, order, scored } = readDecisions(readFileSync(asked.output, 'utf8')).methods.student;
    expect(state).toBe('cancelled');
    expect(order).toHaveLength(scored.length);
    expect(scored.length).toBeLessThan(wide);
  });
});

describe('what is wrong is said before any computing, and nothing is written', () => {
  const record = (over: object) =>
    JSON.stringify({ query: 'a', hits: [{ docid: 1, content: 'x' }], ...over });
  const cases: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['an empty file', '', /in\.jsonl: it contains no queries/],
    ['half a record', `${record({})}\n{"query": "b", "hits": [`, /in\.jsonl, line 2: .*is incomplete/],
    [
      'a passage without text',
      record({ hits: [{ docid: 'p', content: ' ' }] }),
      /line 1: “hits\[0\]\.content”/,
    ],
    ['an empty query', `${record({})}\n\n${record({ query: ' ' })}`, /line 3: the query is empty/],
    ['no hits', '{"query": "a"}', /line 1: “hits”: expected a list/],
    [
      'the same id twice',
      `${record({ qid: 'q' })}\n${record({ qid: 'q' })}`,
      /line 2: the query id “q” was used on line 1/,
    ],
    [
      'the same passage twice',
      record({
        hits: [
          { docid: 1, content: 'x' },
          { docid: 1, content: 'y' },
        ],
      }),
      /docid “1” appears twice/,
    ],
    [
      'a query longer than the model reads',
      record({ query: 'water '.repeat(300) }),
      /line 1: query q1 with its instruction takes \d+ tokens and this model reads 192/,
    ],
  ];
  for (const [what, text, message] of cases) {
    it(what, async () => {
      writeFileSync(path('in.jsonl'), text);
      const asked = request({ input: path('in.jsonl') });
      await expect(runRank(asked)).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringMatching(message),
      });
      expect(existsSync(asked.output)).toBe(false);
    });
  }

  it('a file that is not text', async () => {
    writeFileSync(path('in.jsonl'), Uint8Array.of(0xff, 0xfe, 0x00, 0xd8));
    await expect(runRank(request({ input: path('in.jsonl') }))).rejects.toThrow(/not valid UTF-16 LE/);
  });

  it('a file or a checkpoint that is not there', async () => {
    await expect(runRank(request({ input: path('none') }))).rejects.toMatchObject({ code: 'missing' });
    await expect(runRank(request({ checkpoint: root }))).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('ranker.json'),
    });
  });

  it('a label word that is not one token, a template that does not fit, or is no file', async () => {
    const template = { kind: 'pairwise', text: '{query} {passage_a} {passage_b}', labels: ['A', 'quux'] };
    writeFileSync(path('t.json'), JSON.stringify(template));
    await expect(runRank(request({ template: path('t.json') }))).rejects.toThrow(
      /label “quux” is not one token/,
    );
    writeFileSync(path('t.json'), JSON.stringify({ ...template, text: 'no slots' }));
    await expect(runRank(request({ template: path('t.json') }))).rejects.toThrow(/slot \{query\} is missing/);
    await expect(runRank(request({ template: 'monot5' }))).rejects.toThrow(
      /Templates that fit: embedded-prp, paper-prp/,
    );
    await expect(runRank(request({ template: 'nope' }))).rejects.toThrow(/no template and no file “nope”/);
  });

  it('a place that cannot be written to', async () => {
    await expect(runRank(request({ output: root }))).rejects.toThrow(/cannot be written: it is a folder/);
    await expect(runRank(request({ output: path('hits.json/x') }))).rejects.toThrow(/cannot be written/);
  });

  it('keeps an older file when a run fails', async () => {
    writeFileSync(path('old'), 'old');
    writeFileSync(path('in.jsonl'), '{');
    await expect(runRank(request({ output: path('old'), input: path('in.jsonl') }))).rejects.toThrow();
    expect(read('old')).toBe('old');
  });
});

function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const dot = (a: readonly number[], ma: number, b: readonly number[], mb: number) =>
    a.reduce((sum, value, i) => sum + (value - ma) * (b[i]! - mb), 0);
  return dot(x, mx, y, my) / Math.sqrt(dot(x, mx, x, mx) * dot(y, my, y, my));
}

describe('rankings that are no answer', () => {
  it('are warned of', async () => {
    const same = Array.from({ length: 4 }, (_, i) => ({ id: `p${i}`, text: 'The same passage again.' }));
    const candidates = same.map((passage, i) => ({ passage, rank: i + 1, score: 4 - i }));
    const mixed = [lists[0]!, { query: { id: 'alike', text: 'what is it' }, candidates }];
    writeFileSync(path('alike.json'), writeRankGptHits(mixed));
    const notices: string[] = [];
    const alike = request({ checkpoint: student, method: 'pointwise-yes', input: path('alike.json') });
    const summary = await runRank(alike, { notice: (text) => notices.push(text) });
    expect(summary.doubts).toEqual([
      expect.stringMatching(/^Warning: in 1 of 2 queries all passages got the same score\. /),
    ]);
    expect(notices).toContain(summary.doubts![0]);
    const answered = await runRank(request({ checkpoint: student, method: 'pointwise-yes' }));
    expect(answered.doubts).toBeUndefined();
  });
});
