/** `label`: what a line holds, every prefix as a place to go on from, shards, other sources. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPermutations, readTrainingLists, writeTrainingLists } from '../../src/formats/distill.ts';
import { type CandidateList, writeRankGptHits } from '../../src/formats/hits.ts';
import { parseJsonValues } from '../../src/formats/json-check.ts';
import { readLabelValue } from '../../src/formats/label-line.ts';
import { readLists } from '../input/lists.ts';
import { runRank } from '../rank/run-rank.ts';
import { runTrainer } from '../testing/command-line.ts';
import { testFolder } from '../testing/folder.ts';
import { firstCandidates, readSampleCorpus } from '../testing/sample-prompts.ts';
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.ts';
import { readLabels } from '../train/labels.ts';
import type { LabelRequest } from './label-request.ts';
import { judgmentsSource, permutationSource, runSource } from './ranked.ts';
import { runLabel } from './run-label.ts';
import { teacherSource } from './teacher.ts';

const folder = testFolder('label');
const at = (name: string) => join(folder, name);
const input = at('candidates.jsonl');
const corpus = readSampleCorpus('bicycles');
const lists: CandidateList[] = corpus.queries.slice(0, 5).map(({ id, text }, i) => ({
  query: { id, text },
  // Of different lengths, one of them too short to compare.
  candidates: firstCandidates(corpus, [5, 3, 1, 4, 2][i]!),
}));

beforeAll(async () => {
  // Seed 8 is a judge that does not always take the passage shown first (or second): orders change.
  await writeTinyCheckpoint(at('teacher'), { dtypes: ['fp32'], seed: 8 });
  await writeTinyCheckpoint(at('other'), { dtypes: ['fp32'], seed: 2 });
  writeFileSync(input, writeRankGptHits(lists, { lines: true }));
});

const teacher =
  (
    schedule: 'all-pairs' | 'heapsort' | 'sliding' = 'all-pairs',
    checkpoint = at('teacher'),
    untrained = false,
  ) =>
  () =>
    teacherSource({ checkpoint, input, schedule, threads: 1, untrained });
const request = (output: string, more: Partial<LabelRequest> = {}): LabelRequest => ({
  input,
  output: at(output),
  source: teacher(),
  ...more,
});
const read = (output: string) =>
  parseJsonValues(readFileSync(at(output), 'utf8'), output).map((value, i) =>
    readLabelValue(value, i, output),
  );

describe('labels of a teacher', () => {
  it('are what rank decides, with every decision', async () => {
    const summary = await runLabel(request('all.jsonl'));
    expect(summary).toMatchObject({ state: 'done', queries: { total: 5, done: 5, resumed: 0 } });
    await runRank({
      checkpoint: at('teacher'),
      method: 'prp-allpair',
      input,
      threads: 1,
      output: at('ranked.json'),
      format: 'decisions',
      lines: true,
    });
    const ranked = parseJsonValues(readFileSync(at('ranked.json'), 'utf8'), '').map(({ value }) => value) as {
      methods: { teacher: { order: string[]; scores: number[]; decisions: Record<string, unknown>[] } };
    }[];
    for (const [i, label] of read('all.jsonl').entries()) {
      const { query, candidates } = lists[i]!;
      expect(label).toMatchObject({
        query,
        candidates,
        source: { kind: 'prp-allpair', name: 'tiny-teacher' },
      });
      const id = (position: number) => candidates[position]!.passage.id;
      const { order, scores, decisions } = ranked[i]!.methods.teacher;
      expect(label.order.map(id)).toEqual(order);
      expect(label.scores).toEqual(scores);
      expect(label.decisions).toHaveLength(candidates.length * (candidates.length - 1));
      const plain = label.decisions.map(({ a, b, cut, ...rest }) => ({ a: id(a), b: id(b), ...rest }));
      expect(plain).toEqual(
        expect.arrayContaining(
          decisions.map(({ a, b, logitA, logitB, preference }) => ({
            a,
            b,
            preference,
            logitA: expect.closeTo(logitA as number, 6),
            logitB: expect.closeTo(logitB as number, 6),
          })),
        ),
      );
    }
  });

  it('can be read as candidates again', async () => {
    expect(await readLists(at('all.jsonl'))).toMatchObject(lists);
  });

  it('end with an audit beside them', async () => {
    const { audit } = JSON.parse(readFileSync(at('all.audit.json'), 'utf8'));
    expect(audit.tauToFirstStage).toBeLessThan(1);
    expect(audit).toMatchObject({ queries: 5, trivial: 1, decisions: { made: 12 + 6 + 20 + 2, pairs: 20 } });
  });

  it('say beside them while they are not whole, and are then not learnt from', async () => {
    const stop = new AbortController();
    const listener = { progress: (done: number) => done > 22 && stop.abort() };
    const { state, queries } = await runLabel(request('half.jsonl', { signal: stop.signal }), listener);
    expect([state, queries.done]).toEqual(['cancelled', 1]);
    await expect(readLabels([at('half.jsonl')])).rejects.toThrow(
      /half\.jsonl: labelling was stopped after 1 of 5 queries\. .*delete .*half\.audit\.json/,
    );
    await runLabel(request('half.jsonl'));
    expect((await readLabels([at('half.jsonl')])).lists).toHaveLength(5);
    expect(JSON.parse(readFileSync(at('half.audit.json'), 'utf8'))).toMatchObject({ audit: { queries: 5 } });
  });

  it('refuse places for the authors’ files before the work', async () => {
    const refused = (more: Partial<LabelRequest>) => runLabel(request('places.jsonl', more));
    await expect(refused({ permutationsOutput: folder })).rejects.toThrow(
      /it is a folder\. Choose another --write-permutations/,
    );
    const inFile = join(input, 'lists.jsonl');
    await expect(refused({ listsOutput: inFile })).rejects.toThrow(
      /lists\.jsonl cannot be written: .*--write-lists/,
    );
    expect(existsSync(at('places.jsonl'))).toBe(false);
  });

  it('are not gone on with by the same scorer that reads less of a passage', async () => {
    await writeTinyCheckpoint(at('narrow'), { dtypes: ['fp32'], seed: 8, maxPassageTokens: 4 });
    const lines = readFileSync(at('all.jsonl'), 'utf8').split('\n');
    writeFileSync(at('wide.jsonl'), `${lines[0]}\n`);
    const narrow = runLabel(request('wide.jsonl', { source: teacher('all-pairs', at('narrow')) }));
    await expect(narrow).rejects.toThrow(
      /line 1: query .* was labelled by another source, or in another way/,
    );
  });

  it('are refused, or come with a warning, where the model was taught other questions', async () => {
    const told: string[] = [];
    await writeTinyCheckpoint(at('student'), { dtypes: ['fp32'], seed: 3, role: 'student' });
    const student = (untrained: boolean) => ({ source: teacher('all-pairs', at('student'), untrained) });
    await expect(runLabel(request('refused.jsonl', student(false)))).rejects.toThrow(
      /not trained on the prompts of prp-allpair.* it was trained on paper-student \(pointwise\).*--untrained/,
    );
    expect(existsSync(at('refused.jsonl'))).toBe(false);
    await runLabel(request('warned.jsonl', student(true)), {
      notice: (text) => told.push(text),
    });
    await runLabel(request('unwarned.jsonl'), { notice: (text) => told.push(text) });
    expect(told).toEqual([
      expect.stringMatching(/was not trained on the wording .*: its answers may mean little\./),
    ]);
  });

  it('are the same bytes whatever prefix is gone on from', async () => {
    const whole = readFileSync(at('all.jsonl'));
    const ends = [...whole.entries()].flatMap(([i, byte]) => (byte === 10 ? [i] : []));
    const head = whole.indexOf('"source"');
    const cuts = [0, 1, head - 1, head + 30, ends[0]! - 3, ends[0]!, ends[0]! + 1, ends[3]! - 100, ends[4]!];
    for (const cut of cuts) {
      writeFileSync(at('cut.jsonl'), whole.subarray(0, cut));
      const { queries } = await runLabel(request('cut.jsonl'));
      expect(queries.resumed).toBe(ends.filter((end) => end < cut).length);
      expect(readFileSync(at('cut.jsonl')).equals(whole)).toBe(true);
    }
    const audit = (name: string) => readFileSync(at(name), 'utf8');
    expect(audit('cut.audit.json')).toBe(audit('all.audit.json'));
  });

  it('of shards, one after the other, are those of the whole', async () => {
    for (const index of [1, 2, 3]) await runLabel(request(`part${index}.jsonl`, { shard: { index, of: 3 } }));
    const parts = [1, 2, 3].map((index) => readFileSync(at(`part${index}.jsonl`), 'utf8'));
    expect(parts.join('')).toBe(readFileSync(at('all.jsonl'), 'utf8'));
    expect(parts.map((part) => part.split('\n').length - 1)).toEqual([1, 2, 2]);
  });

  it.each([
    ['heapsort', 'prp-heapsort'],
    ['sliding', 'prp-sliding'],
  ] as const)('by %s compare fewer pairs and rank all passages', async (schedule, kind) => {
    await runLabel(request(`${schedule}.jsonl`, { source: teacher(schedule) }));
    for (const [i, { source, order, decisions }] of read(`${schedule}.jsonl`).entries()) {
      const n = lists[i]!.candidates.length;
      expect(source.kind).toBe(kind);
      expect([...order].sort()).toEqual(lists[i]!.candidates.map((_, at) => at));
      expect(decisions.length).toBeLessThanOrEqual(n * (n - 1));
    }
  });

  it('are never mixed with those of another source, nor a file that is something else cut', async () => {
    const before = readFileSync(at('all.jsonl'), 'utf8');
    const cases: readonly (readonly [LabelRequest, RegExp])[] = [
      [
        request('all.jsonl', { source: teacher('all-pairs', at('other')) }),
        /line 1: query .* by another source/,
      ],
      [request('all.jsonl', { source: teacher('heapsort') }), /line 1: query .* by another source/],
      [request('all.jsonl', { k: 2 }), /line 1: it does not begin with query/],
      [request('all.jsonl', { shard: { index: 1, of: 3 } }), /line 2: it has more lines than the input/],
    ];
    for (const [one, message] of cases) await expect(runLabel(one)).rejects.toThrow(message);
    expect(readFileSync(at('all.jsonl'), 'utf8')).toBe(before);
    for (const text of [
      'my notes',
      before.split('\n')[0]!.replace('"query":"', '"query":"x').slice(0, -9),
      before.replace('[[', '[[['),
    ]) {
      writeFileSync(at('notes'), text);
      await expect(runLabel(request('notes'))).rejects.toThrow(/notes, line 1: /);
      expect(readFileSync(at('notes'), 'utf8')).toBe(text);
    }
  });

  it('are of fp32 unless asked otherwise, made from the weights where the folder has no such scorer', async () => {
    await writeTinyCheckpoint(at('lean'), { dtypes: ['int8', 'q8'], seed: 8 });
    const made = await runLabel(request('made.jsonl', { source: teacher('all-pairs', at('lean')) }));
    expect(made.source).toMatchObject({ dtype: 'fp32' });
    expect(read('made.jsonl').map(({ decisions }) => decisions)).toEqual(
      read('all.jsonl').map(({ decisions }) => decisions),
    );
    const int8 = () =>
      teacherSource({ checkpoint: at('lean'), input, schedule: 'all-pairs', dtype: 'int8', threads: 1 });
    expect((await runLabel(request('int8.jsonl', { source: int8 }))).source).toMatchObject({ dtype: 'int8' });
    expect(read('int8.jsonl')[0]!.decisions).not.toEqual(read('made.jsonl')[0]!.decisions);
    const weights = readFileSync(at('lean/model.safetensors'));
    weights[weights.length - 1]! ^= 1;
    writeFileSync(at('lean/model.safetensors'), weights);
    const altered = runLabel(request('altered.jsonl', { source: teacher('all-pairs', at('lean')) }));
    await expect(altered).rejects.toThrow(/model\.safetensors is not the file that ranker\.json lists/);
    expect(existsSync(at('altered.jsonl'))).toBe(false);
  });

  it('are only estimated in a dry run', async () => {
    const summary = await runLabel({ input, source: teacher() });
    expect(summary).toMatchObject({ state: 'dry-run', estimate: { calls: 40, unit: 'calls', queries: 5 } });
    const real = readFileSync(at('all.jsonl')).length;
    expect(summary.estimate!.outputBytes / real).toBeGreaterThan(0.8);
    expect(summary.estimate!.outputBytes / real).toBeLessThan(1.2);
    const { memoryBytes, free } = summary.estimate!;
    expect(memoryBytes).toBeGreaterThan(1e7);
    expect(Math.min(free.memoryBytes, free.diskBytes)).toBeGreaterThan(memoryBytes);
  });

  it('that are begun are estimated for what is left, and not touched', async () => {
    const lines = readFileSync(at('all.jsonl'), 'utf8').split('\n');
    const begun = `${lines.slice(0, 2).join('\n')}\n${lines[2]!.slice(0, 40)}`;
    writeFileSync(at('begun.jsonl'), begun);
    const { queries, estimate } = await runLabel(request('begun.jsonl', { dryRun: true }));
    expect([queries.resumed, estimate!.queries]).toEqual([2, 3]);
    expect(readFileSync(at('begun.jsonl'), 'utf8')).toBe(begun);
    const none = await runLabel(request('none.jsonl', { dryRun: true }));
    expect([none.queries.resumed, existsSync(at('none.jsonl'))]).toEqual([0, false]);
  });
});

describe('labels from elsewhere', () => {
  it('go to InstructDistill’s files and come back', async () => {
    await runLabel(
      request('all.jsonl', { permutationsOutput: at('perms.json'), listsOutput: at('lists.jsonl') }),
    );
    const sizes = lists.map(({ candidates }) => candidates.length);
    const orders = read('all.jsonl').map(({ order }) => order);
    expect(readPermutations(readFileSync(at('perms.json'), 'utf8'), '', sizes)).toEqual(orders);
    expect(readTrainingLists(readFileSync(at('lists.jsonl'), 'utf8')).map(({ query }) => query)).toEqual(
      lists.map(({ query }) => query),
    );
    const source: LabelRequest['source'] = (all) => permutationSource(at('perms.json'), all);
    await runLabel({
      input: at('lists.jsonl'),
      output: at('back.jsonl'),
      source,
      shard: { index: 2, of: 2 },
    });
    expect(read('back.jsonl').map(({ order }) => order)).toEqual(orders.slice(2));
  });

  it('keep the positives of training lists', async () => {
    const positives = [{ id: 'gold', text: 'gold' }];
    writeFileSync(at('gold.jsonl'), writeTrainingLists(lists.map((list) => ({ ...list, positives }))));
    const options = {
      input: at('gold.jsonl'),
      output: at('gold-labels.jsonl'),
      listsOutput: at('gold-back.jsonl'),
    };
    await runLabel({ ...options, source: (all) => permutationSource(at('perms.json'), all) });
    expect(readFileSync(at('gold-back.jsonl'), 'utf8')).toBe(readFileSync(at('gold.jsonl'), 'utf8'));
  });

  it('come from permutations as a language model writes them, and the audit counts the repairs', async () => {
    const answers = ['[2] > [1] > [2] > [5]', 'The order is: [3] > [9].', '', '4 > 3 > 2 > 1', '2 > 1'];
    writeFileSync(at('odd.json'), JSON.stringify(answers));
    const told: string[] = [];
    const source: LabelRequest['source'] = (all) => permutationSource(at('odd.json'), all);
    const { audit } = await runLabel(request('odd.jsonl', { source }), { notice: (text) => told.push(text) });
    expect(read('odd.jsonl').map(({ order }) => order)).toEqual([
      [1, 0, 4, 2, 3],
      [2, 0, 1],
      [0],
      [3, 2, 1, 0],
      [1, 0],
    ]);
    const counts = { of: 5, repaired: 3, repeated: 1, outOfRange: 1, otherText: 2, completed: 3 };
    expect(audit!.permutations).toEqual(counts);
    expect(JSON.parse(readFileSync(at('odd.audit.json'), 'utf8')).audit.permutations).toEqual(counts);
    expect(told.join()).toContain('odd.json: 3 of 5 permutations repaired (1 named a passage twice, 1 named');
    const strict = request('no.jsonl', {
      source: (all) => permutationSource(at('odd.json'), all, { strict: true }),
    });
    await expect(runLabel(strict)).rejects.toThrow(
      /odd\.json, line 1: permutation 1: it names a passage twice/,
    );
    const { code, stderr } = await runTrainer([
      ...['label', '--strict-permutations', '--permutations', at('odd.json')],
      ...['--input', input, '--output', at('no.jsonl')],
    ]);
    expect([code === 0, stderr]).toEqual([false, expect.stringContaining('it names a passage twice')]);
    expect(existsSync(at('no.jsonl'))).toBe(false);
  });

  it('come from permutations of longer lists than are labelled', async () => {
    writeFileSync(at('long.json'), JSON.stringify(['5 > 3 > 1 > 2 > 4', '3 > 1 > 2', '1', '4 > 2', '2 > 1']));
    const source: LabelRequest['source'] = (all) => permutationSource(at('long.json'), all);
    const { audit } = await runLabel(request('long.jsonl', { source, k: 2 }));
    expect(read('long.jsonl').map(({ order }) => order)).toEqual([[0, 1], [0, 1], [0], [1, 0], [1, 0]]);
    expect(audit!.permutations).toMatchObject({ repaired: 0, completed: 1 });
  });

  it('come from a run, what it lacks last', async () => {
    const id = (i: number, position: number) => lists[i]!.candidates[position]!.passage.id;
    const lines = lists.flatMap(({ query, candidates }, i) =>
      candidates.slice(0, 3).map((_, p) => `${query.id} Q0 ${id(i, p)} 1 ${p} t\n`),
    );
    writeFileSync(at('run.trec'), lines.join(''));
    await runLabel(request('run.jsonl', { source: (all) => runSource(at('run.trec'), all) }));
    expect(read('run.jsonl').map(({ order, scores }) => [order, scores])).toEqual([
      [
        [2, 1, 0, 3, 4],
        [5, 4, 3, 2, 1],
      ],
      [
        [2, 1, 0],
        [2, 1, 0],
      ],
      [[0], [0]],
      [
        [2, 1, 0, 3],
        [4, 3, 2, 1],
      ],
      [
        [1, 0],
        [1, 0],
      ],
    ]);
    writeFileSync(at('run.trec'), lines.slice(0, 3).join(''));
    const lacking = runLabel(request('no.jsonl', { source: (all) => runSource(at('run.trec'), all) }));
    await expect(lacking).rejects.toThrow(/run\.trec: it has no results for 4 queries/);
  });

  it('come from the run that is named, where a file holds several', async () => {
    const lines = lists.flatMap(({ query, candidates }) =>
      candidates.flatMap(({ passage }, p) => [
        `${query.id} Q0 ${passage.id} 1 ${p} up\n`,
        `${query.id} Q0 ${passage.id} 1 ${-p} down\n`,
      ]),
    );
    writeFileSync(at('two.trec'), lines.join(''));
    await expect(
      runLabel(request('no.jsonl', { source: (all) => runSource(at('two.trec'), all) })),
    ).rejects.toThrow(/2 runs \(up, down\)\. Choose one with --tag/);
    await runLabel(request('down.jsonl', { source: (all) => runSource(at('two.trec'), all, 'down') }));
    expect(read('down.jsonl')[0]).toMatchObject({
      order: [0, 1, 2, 3, 4],
      source: { kind: 'run', tag: 'down' },
    });
  });

  it('must fit the input, or are refused before any work', async () => {
    writeFileSync(at('short.json'), '["1 > 2"]');
    const short = runLabel(
      request('no.jsonl', { source: (all) => permutationSource(at('short.json'), all) }),
    );
    await expect(short).rejects.toThrow(/1 permutations for 5 queries/);
    expect(existsSync(at('no.jsonl'))).toBe(false);
  });
});

describe('labels of judgments', () => {
  it('have grades for scores; equal grades stay in first-stage order', async () => {
    const [{ query, candidates }] = lists as [CandidateList];
    const best = candidates[2]!.passage.id;
    writeFileSync(at('grades.txt'), `${query.id} 0 ${best} 2\n`);
    await runLabel(request('sft.jsonl', { source: (own) => judgmentsSource(at('grades.txt'), own) }));
    const [first, second] = read('sft.jsonl');
    expect(first).toMatchObject({
      order: [2, 0, 1, 3, 4],
      scores: [2, 0, 0, 0, 0],
      source: { kind: 'judgments' },
    });
    expect(second!.scores).toEqual([0, 0, 0]);
  });

  it('are refused where they judge nothing relevant', async () => {
    writeFileSync(at('strangers.txt'), 'q 0 d 1\n');
    await expect(judgmentsSource(at('strangers.txt'), await readLists(input))).rejects.toThrow(
      /strangers\.txt: it judges no candidate of the input relevant/,
    );
  });
});
