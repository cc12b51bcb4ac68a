import { afterEach, describe, expect, it } from 'vitest';
import { readDecisions } from '../../formats/decisions-read.ts';
import { readTrecRuns } from '../../formats/runs.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useGrades } from '../grades.ts';
import { useNotices } from '../notices.ts';
import { columnOf, modelRunOf, useRun } from '../run/run.ts';
import { column, openReady, settled, type World } from '../testing/world.ts';

let world: World;
afterEach(() => world.stop());

describe('exports', () => {
  it('hold the three methods under three tags, in the order on screen', async () => {
    world = await openReady();
    world.rank();
    await settled();
    const runs = readTrecRuns(world.trecRun());
    expect([...runs.keys()]).toEqual(['rankscope-bm25', 'rankscope-pointwise-yes', 'rankscope-prp-allpair']);
    const { order, candidates } = column('teacher');
    const shown = order.map((i) => candidates[i]!.passage.id);
    expect(
      runs
        .get('rankscope-prp-allpair')!
        .get('q1')!
        .map((entry) => entry.id),
    ).toEqual(shown);
  });

  it('have BM25’s own scores, also where some are equal', async () => {
    world = await openReady();
    useCorpus.getState().setText('red apple\ngreen apple\nblue apple\nan apple a day keeps you well');
    world.rank();
    await settled();
    const { candidates } = column('bm25');
    const run = readTrecRuns(world.trecRun()).get('rankscope-bm25')!.get('q1')!;
    expect(run.map(({ id }) => id)).toEqual(candidates.map(({ passage }) => passage.id));
    expect(new Set(candidates.map(({ score }) => score)).size).toBeLessThan(4);
    run.forEach(({ score }, i) => {
      expect(score).toBeCloseTo(candidates[i]!.score, 5);
    });
  });

  it('decisions can be read back: candidates, grades, scores, decisions, checkpoints', async () => {
    world = await openReady();
    useGrades.getState().setGrade('apple', 'red apple', 3);
    world.rank();
    await settled();
    const read = readDecisions(world.decisionsJson());
    expect(read.query).toBe('apple');
    expect(read.candidates.find((c) => c.id === 'p01')?.grade).toBe(3);
    expect(read.methods.teacher.decisions).toHaveLength(12);
    expect(read.methods.student.scored).toHaveLength(4);
    expect(read.methods.teacher.checkpoint?.digest).toContain('demo-teacher');
    expect(read.methods.teacher.template?.id).toBe('paper-prp');
  });

  it('have comparisons of several passages and lists of windows, where a run’s log has them', async () => {
    world = await openReady();
    world.rank();
    await settled();
    const run = modelRunOf(columnOf(useRun.getState(), 'teacher'))!;
    const cost = { tokens: 9, ms: 1, cached: false, cuts: [] };
    run.log.append([
      { type: 'compared', items: [{ shown: [2, 0, 1], winner: 0, ...cost }], at: 1 },
      {
        type: 'listed',
        at: 2,
        items: [{ shown: [0, 1], order: [1, 0], text: '[2]', malformed: true, ...cost }],
      },
    ]);
    const ids = run.set.candidates.map(({ passage }) => passage.id);
    const { teacher } = readDecisions(world.decisionsJson()).methods;
    expect(teacher.compared).toMatchObject([{ shown: [ids[2], ids[0], ids[1]], winner: ids[0] }]);
    expect(teacher.listed).toMatchObject([{ order: [ids[1], ids[0]], text: '[2]', malformed: true }]);
  });

  it('a partial run exports what it has', async () => {
    world = await openReady();
    world.controls.student.beforeBatch = () => world.cancel();
    world.rank();
    await settled();
    const scored = column('student').scored.filter(Boolean).length;
    expect(scored).toBeLessThan(4);
    const read = readDecisions(world.decisionsJson());
    expect(read.methods.student).toMatchObject({ state: 'cancelled' });
    expect(read.methods.student.order).toHaveLength(scored);
    expect(read.methods.teacher).toMatchObject({ state: 'cancelled', decisions: [] });
    expect(readTrecRuns(world.trecRun()).get('rankscope-bm25')!.get('q1')).toHaveLength(4);
  });

  it('say which ids a TREC run holds in another form', async () => {
    world = await openReady();
    world.rank();
    await settled();
    world.trecRun();
    expect(useNotices.getState().notices).toEqual([]);
    const { runs } = useRun.getState();
    const bm25 = column('bm25').run!;
    const candidates = bm25.set.candidates.map((candidate, i) =>
      i > 0 ? candidate : { ...candidate, passage: { ...candidate.passage, id: 'Salt flat' } },
    );
    const renamed = { ...bm25, set: { ...bm25.set, candidates } };
    useRun.setState({ runs: { ...runs, [bm25.id]: renamed } });
    expect(world.trecRun()).toContain('Q0 Salt_flat 1');
    expect(useNotices.getState().notices).toMatchObject([
      { kind: 'info', message: expect.stringMatching(/^1 passage id has white space/) },
    ]);
  });

  it('nothing ranked is an empty run', async () => {
    world = await openReady();
    expect(world.trecRun()).toBe('');
  });
});
