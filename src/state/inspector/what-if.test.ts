import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WhatIfRequest, whatIf } from '../../analysis/what-if.ts';
import { applyEvents } from '../../ranking/progress/apply-events.ts';
import type { Decision } from '../../ranking/types.ts';
import { useGrades } from '../grades.ts';
import type { ComparingRun } from '../run/run.ts';
import { useSettings } from '../settings.ts';
import { modelRunOf, setOf } from '../testing/runs.ts';
import { createPlanner, nothing, useWhatIfState, whatIfRequest } from './what-if.ts';

const SET = setOf(
  ['a', 'b', 'c'].map((id, i) => ({ passage: { id, text: `text ${id}` }, rank: i + 1, score: 3 - i })),
);
const decided = (a: number, b: number, over: Partial<Decision> = {}): Decision => ({
  a,
  b,
  logitA: 1,
  logitB: 0,
  preference: 1,
  tokens: 1,
  ms: 2,
  cached: false,
  cuts: [],
  ...over,
});
const withDecisions = (run: ComparingRun, ...items: readonly Decision[]): ComparingRun =>
  applyEvents(run, [{ type: 'decided', items, at: 1 }]);
const newRun = () => modelRunOf('prp-allpair', SET) as ComparingRun;

beforeEach(() => {
  useWhatIfState.setState(nothing);
  useGrades.setState({ table: new Map() });
});

describe('what is asked of the worker', () => {
  it('has the decisions in the order asked, and no time for those that were looked up', () => {
    const run = withDecisions(newRun(), decided(0, 1), decided(1, 0, { ms: 0, cached: true }));
    const { decisions, ms, names, grades } = whatIfRequest(run);
    expect([[...decisions.a], [...decisions.b], decisions.n]).toEqual([[0, 1], [1, 0], 3]);
    expect([...ms]).toEqual([2, Number.NaN]);
    expect(names).toHaveLength(3);
    expect(grades).toEqual([]);
  });

  it('takes the grades of the run’s query, and the choices of the run before those of the settings', () => {
    useGrades.getState().setGrade(SET.query.text, 'text b', 2);
    useSettings.setState({ passes: 4, top: 2 });
    const run = withDecisions(newRun(), decided(0, 1));
    expect(whatIfRequest(run)).toMatchObject({ choices: { passes: 4, top: 2 } });
    expect(whatIfRequest({ ...run, passes: 7, top: 1 })).toMatchObject({ choices: { passes: 7, top: 1 } });
    const { grades, names } = whatIfRequest(run);
    expect(grades.map(([name, grade]) => [names.indexOf(name), grade])).toEqual([[1, 2]]);
  });
});

describe('what is worked out', () => {
  const asked: WhatIfRequest[] = [];
  let hold = Promise.resolve();
  let fault: Error | undefined;
  let made = 0;
  const worker = {
    async whatIf(request: WhatIfRequest) {
      asked.push(request);
      await hold;
      if (fault) throw fault;
      return whatIf(request);
    },
  };
  const planner = () =>
    createPlanner(() => {
      made++;
      return worker;
    }, 100);
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    vi.useFakeTimers();
    asked.length = 0;
    made = 0;
    hold = Promise.resolve();
    fault = undefined;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('comes at once for a run that is new, then not more often than told, for its latest state', async () => {
    const { want } = planner();
    expect(made).toBe(0);
    let run = withDecisions(newRun(), decided(0, 1));
    want(run);
    await pass(0);
    expect(useWhatIfState.getState()).toMatchObject({ runId: run.id, result: { decided: 1 }, error: null });
    for (const next of [decided(1, 0), decided(0, 2), decided(2, 0)]) {
      run = withDecisions(run, next);
      want(run);
    }
    await pass(99);
    expect(asked).toHaveLength(1);
    await pass(1);
    expect(asked).toHaveLength(2);
    expect(useWhatIfState.getState().result?.decided).toBe(4);
  });

  it('works on one at a time, and then on what came meanwhile', async () => {
    let release = () => {};
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const { want } = planner();
    const first = withDecisions(newRun(), decided(0, 1));
    const second = { ...withDecisions(newRun(), decided(0, 1), decided(1, 2)), id: 'another' };
    want(first);
    await pass(0);
    want(second);
    await pass(1000);
    expect(asked).toHaveLength(1);
    release();
    await pass(0);
    expect(useWhatIfState.getState().runId).toBe(first.id);
    await pass(100);
    expect(useWhatIfState.getState()).toMatchObject({ runId: 'another', result: { decided: 2 } });
  });

  it('says why there is none, and tries again with the next decision', async () => {
    const { want } = planner();
    fault = new Error('the worker is gone');
    const run = withDecisions(newRun(), decided(0, 1));
    want(run);
    await pass(0);
    expect(useWhatIfState.getState()).toEqual({ runId: run.id, result: null, error: 'the worker is gone' });
    fault = undefined;
    want(withDecisions(run, decided(1, 0)));
    await pass(100);
    expect(useWhatIfState.getState()).toMatchObject({ result: { decided: 2 }, error: null });
  });
});
