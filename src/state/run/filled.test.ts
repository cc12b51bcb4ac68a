/** Candidates that share no word with the query: where they stand, what says so, and where they do not count. */
import { afterEach, describe, expect, it } from 'vitest';
import { readDecisions } from '../../formats/decisions-read.ts';
import { readTrecRuns } from '../../formats/runs.ts';
import { useQuery } from '../corpus/query.ts';
import { useGrades } from '../grades.ts';
import { columnQuality, retrievedOrder } from '../readings/quality.ts';
import { packSettings, unpackSettings } from '../saved/saved-settings.ts';
import { readSet } from '../saved/stored-runs.ts';
import { useSettings } from '../settings.ts';
import { column, openReady, settled, until, type World } from '../testing/world.ts';
import { COLUMNS } from './run.ts';

let world: World;
afterEach(() => world.stop());

async function rank(query: string, fill = true): Promise<void> {
  world = await openReady();
  useSettings.getState().setFill(fill);
  useQuery.setState({ text: query });
  world.rank();
  await settled();
}

const found = () => column('bm25').candidates.map(({ passage, filled }) => passage.id + (filled ? '+' : ''));

describe('candidates that fill the list up', () => {
  it('stand last, in corpus order, and are ranked by the models', async () => {
    await rank('banana and cinnamon');
    expect(found()).toEqual(['p03', 'p04', 'p01+', 'p02+', 'p05+']);
    expect(column('bm25')).toMatchObject({ explanation: null, state: 'done' });
    expect(column('bm25').scores.slice(2)).toEqual([0, 0, 0]);
    expect(column('student').asked).toBe(5);
    expect(column('teacher').asked).toBe(20);
  });

  it('are no part of BM25’s run and decisions', async () => {
    await rank('banana and cinnamon');
    const runs = readTrecRuns(world.trecRun());
    expect(runs.get('rankscope-bm25')?.get('q1')).toHaveLength(2);
    expect(runs.get('rankscope-prp-allpair')?.get('q1')).toHaveLength(5);
    const { candidates, methods } = readDecisions(world.decisionsJson());
    expect(candidates.map(({ id, filled }) => id + (filled ? '+' : ''))).toEqual(found());
    expect(methods.bm25.order).toEqual(['p03', 'p04']);
    expect(methods.teacher.order).toHaveLength(5);
  });

  it('give BM25 no gain: its nDCG is that of its run', async () => {
    await rank('banana and cinnamon');
    const { candidates, order } = column('bm25');
    useGrades.getState().setGrade('banana and cinnamon', candidates[2]!.passage.text, 3);
    const { table } = useGrades.getState();
    const of = (order: readonly number[]) =>
      columnQuality({ query: 'banana and cinnamon', candidates, order }, table, null, 'linear').cells[2]!
        .value;
    expect(of(order)).toBeCloseTo(0.5);
    expect(of(retrievedOrder(candidates, order))).toBe(0);
  });

  it('are stored with their mark', async () => {
    await rank('banana and cinnamon');
    const before = column('teacher');
    const set = structuredClone(before.run!.set);
    expect(readSet(set)?.candidates).toEqual(before.candidates);
    const other = { ...set, candidates: set.candidates.map((one) => ({ ...one, filled: 1 })) };
    expect(readSet(other)).toBeUndefined();
    expect(unpackSettings({ ...packSettings(useSettings.getState()), fill: false })?.fill).toBe(false);
    expect(unpackSettings({ k: 7 })?.fill).toBe(true);
  });

  it('say so when there is nothing else, and why', async () => {
    await rank('zeppelin');
    expect(found()).toEqual(['p01+', 'p02+', 'p03+', 'p04+', 'p05+']);
    expect(column('bm25').explanation).toMatch(/No passage has a word.*first 5 passages of the corpus/);
    expect(column('teacher')).toMatchObject({ explanation: null, asked: 20 });
    expect(readTrecRuns(world.trecRun()).has('rankscope-bm25')).toBe(false);
    useQuery.setState({ text: 'what is this' });
    world.rank();
    await settled();
    expect(column('bm25').explanation).toMatch(/is a stop-word.*switch off.*first 5 passages/);
    useQuery.setState({ text: '?!' });
    world.rank();
    await settled();
    for (const id of COLUMNS) expect(column(id).explanation).toMatch(/no word that BM25 could search for/);
    expect(found()).toEqual([]);
  });

  it('are not there when that is switched off, which makes the columns stale', async () => {
    await rank('banana and cinnamon', false);
    expect(found()).toEqual(['p03', 'p04']);
    useSettings.getState().setFill(true);
    await until(() => COLUMNS.every((id) => column(id).stale));
    useQuery.setState({ text: 'what is this' });
    useSettings.getState().setFill(false);
    world.rank();
    await settled();
    for (const id of COLUMNS) expect(column(id).explanation).toMatch(/stop-word.*have the list filled up/);
  });
});
