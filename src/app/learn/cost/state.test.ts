/** The lesson's figures are the core's, on a shipped recording, and its tasks can be done as their last hints say. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replaySchedule, withinBudget } from '../../../analysis/budget.ts';
import { unpack } from '../../../analysis/judge-report.ts';
import { ndcg } from '../../../evaluation/metrics.ts';
import { METHOD_IDS, methodNamed } from '../../../ranking/methods/registry.ts';
import { plannedCalls } from '../../../ranking/planned-calls.ts';
import { allPairs, rankByPairs } from '../../../ranking/schedules/all-pairs.ts';
import { exactTop } from '../../../ranking/schedules/exact-top.ts';
import { heapsort } from '../../../ranking/schedules/heapsort.ts';
import { slidingWindow } from '../../../ranking/schedules/sliding-window.ts';
import { firstRecording } from '../../../state/learn/recordings.ts';
import { recordingLink } from '../../../state/recording/link.ts';
import { costData, loadData } from './data.ts';
import {
  allCalls,
  asked,
  begin,
  best,
  bought,
  type CostState,
  ending,
  fullOrder,
  growth,
  inWords,
  link,
  missed,
  outcome,
  tasks,
  timeOf,
  withData,
} from './state.ts';

const bytes = (id: string) =>
  new Uint8Array(
    readFileSync(new URL(`../../../../public/samples/recordings/${id}.rankscope.json.gz`, import.meta.url)),
  );
const recording = firstRecording(bytes('town'), 'town');
const town = costData('town', recording);
const start = begin(new URLSearchParams(), town);
const shown: Partial<CostState> = { twice: '', carried: '', half: '' };
const state = (change: Partial<CostState>): CostState => ({ ...start, ...shown, ...change });
const done = (change: Partial<CostState>) =>
  tasks.filter((task) => task.judge(state(change), start).done).map(({ id }) => id);
const pairs = unpack(town.decisions.packed);

describe('figures', () => {
  it('counts calls as the plans of the methods do', () => {
    for (const n of [2, 10, 32, 60]) {
      const calls = growth(n, 2).map((row) => row.calls);
      expect(calls[0]).toBe(n);
      const planned = METHOD_IDS.filter((id) => methodNamed(id).schedule).map(
        (id) => plannedCalls(id, n, { passes: 2, top: 1 }).calls,
      );
      for (const of of calls.slice(1)) expect(planned).toContain(of);
      expect(calls.at(-1)).toBe(n * (n - 1));
    }
  });

  it('orders by all calls as Eq. 5 does, and buys what the schedules themselves have by then', () => {
    expect(fullOrder(start)).toEqual(rankByPairs(pairs.table).order);
    const schedules = {
      allPairs,
      heapsort,
      sliding: (n: number, table: Parameters<typeof heapsort>[1]) => slidingWindow(n, table, 2),
      topk: (n: number, table: Parameters<typeof heapsort>[1]) => exactTop(n, table, 3),
    };
    const grades = new Map(town.query.grades);
    for (let budget = 0; budget <= 90; budget += 9) {
      for (const { id, point } of bought(state({ budget, passes: 2 }))) {
        const own = withinBudget(replaySchedule(pairs, schedules[id]).points, budget)!;
        expect(point.order).toEqual(own.order);
        expect(point.calls).toBe(own.calls);
        const names = own.order.map((index) => town.query.ids[index]!);
        expect(point.ndcg).toBe(ndcg(names, grades, { k: 10, gain: 'linear' }));
      }
    }
  });

  it('an exact top k ends with the first k of all calls', () => {
    for (let top = 1; top <= 9; top++) {
      const rows = bought(state({ top, budget: 90 }));
      expect(rows.find(({ id }) => id === 'topk')).toMatchObject({ right: top, done: true });
    }
  });

  it('marks as many cells as there are calls', () => {
    for (const which of ['heapsort', 'sliding'] as const) {
      const course = outcome(start).steps[which];
      const all = asked(state({ which, at: course.steps.length }));
      expect(all.before.size).toBe(ending(state({ which })).calls);
      expect(all.now.size).toBe(0);
    }
  });

  it('has the mean of the recorded calls, and says whose machine that was', () => {
    const times = recording.runs
      .find(({ column }) => column === 'teacher')!
      .events.flatMap((event) => (event.type === 'decided' ? event.items.map(({ ms }) => ms) : []));
    expect(times).toHaveLength(90);
    const { ms, calls, measured, on } = timeOf(start)!;
    expect(ms).toBeCloseTo(times.reduce((sum, one) => sum + one, 0) / 90, 9);
    expect([calls, measured, on]).toEqual([90, 'elsewhere', recording.made!.on]);
  });

  it('says in words what is seen, and nothing before the guess', () => {
    expect(inWords(start).join(' ')).not.toMatch(/\d/);
    expect(inWords(state({ n: 32 }))[0]).toContain('All pairs, 992 calls');
    expect(inWords({ ...start, part: 'steps' }).join(' ')).not.toContain('against');
    expect(inWords(state({ part: 'steps', at: 6 })).join(' ')).toContain(
      'p001 against p010: no clear winner',
    );
    expect(missed(start)).toBe(
      'Sliding window, 1 pass asks 18 of 90 calls. p016 is first, where all calls put p001; 6 of 10 places hold another passage.',
    );
    expect(best(start)).toEqual(['topk']);
  });
});

describe('tasks', () => {
  it('none is done at the start, nor before the question is answered', () => {
    expect(done({})).toEqual([]);
    expect(done({ twice: undefined, n: 32 })).toEqual([]);
    expect(done({ carried: undefined, at: 6 })).toEqual([]);
    expect(done({ half: undefined, budget: 48 })).toEqual([]);
  });

  it('each can be done, and by nothing less', () => {
    expect([31, 32, 33].map((n) => done({ n }).length)).toEqual([0, 1, 0]);
    expect(allCalls(33)).toBeGreaterThan(1000);
    expect([5, 6, 7].map((at) => done({ at }))).toEqual([[], ['stopped'], []]);
    expect(done({ at: 6, which: 'heapsort' })).toEqual([]);
    expect([47, 48, 49].map((budget) => done({ budget }))).toEqual([[], ['sure'], []]);
    expect(done({ budget: 48, top: 2 })).toEqual([]);
  });

  it('with other decisions say so', () => {
    const kitchen = costData('kitchen', firstRecording(bytes('kitchen'), 'kitchen'));
    const other = withData(state({ n: 32 }), kitchen);
    expect(tasks.map((task) => task.judge(other, start).done)).toEqual([true, false, false]);
    expect(tasks[1]!.judge(other, start).remark).toContain('Town services FAQ');
  });
});

describe('links', () => {
  it('bring a state back', () => {
    const mine = state({ part: 'budget', n: 20, passes: 3, top: 5, which: 'heapsort', at: 4, budget: 30 });
    const back = begin(new URLSearchParams(link(mine).toString()), town);
    expect(back).toEqual({ ...mine, measured: undefined });
    expect(link(start).toString()).toBe('');
    expect(begin(new URLSearchParams('n=1&passes=x&budget=-3&part=all&which=none'), town)).toEqual(start);
  });

  it('carry decisions of one’s own', async () => {
    const r = recordingLink(recording, '').split('recording=')[1]!;
    const own = await loadData(new URLSearchParams({ r }));
    expect(own.id).toBe('link');
    expect(own.decisions.packed).toEqual(town.decisions.packed);
    expect(link(begin(new URLSearchParams(), own)).get('r')).toBe(r);
    await expect(loadData(new URLSearchParams({ r: 'zzz' }))).rejects.toThrow(/the link/);
  });
});
