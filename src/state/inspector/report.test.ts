import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { judgeReport, type ReportRequest } from '../../analysis/judge-report.ts';
import { applyEvents } from '../../ranking/progress/apply-events.ts';
import type { Decision } from '../../ranking/types.ts';
import type { ReportsOnJudges } from '../../workers/analysis-protocol.ts';
import { useGrades } from '../grades.ts';
import { type ComparingRun, initialRun, useRun } from '../run/run.ts';
import { modelRunOf, setOf, showing } from '../testing/runs.ts';
import { createReporter, useReport } from './report.ts';

const SET = setOf(
  ['a', 'b', 'c'].map((id, i) => ({ passage: { id, text: `text ${id}` }, rank: i + 1, score: 3 - i })),
);
const decided = (a: number, b: number, logitA: number): Decision => ({
  a,
  b,
  logitA,
  logitB: 0,
  preference: logitA > 0 ? 1 : 0,
  tokens: 1,
  ms: 1,
  cached: false,
  cuts: [],
});

let run = modelRunOf('prp-allpair', SET) as ComparingRun;

function show(now: ComparingRun): void {
  run = now;
  const teacher = showing(run, { state: 'running' });
  useRun.setState({ columns: { ...initialRun.columns, teacher }, runs: { [run.id]: run } });
}

const answer = (...items: readonly Decision[]): void =>
  show(applyEvents(run, [{ type: 'decided', items, at: 1 }]));

/** A worker whose answers can be held. */
class Analyst implements ReportsOnJudges {
  readonly asked: ReportRequest[] = [];
  hold: Promise<void> = Promise.resolve();
  fault: Error | undefined;

  judgeReport = async (request: ReportRequest) => {
    this.asked.push(request);
    await this.hold;
    if (this.fault) throw this.fault;
    return judgeReport(request);
  };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the report under inspection', () => {
  let analyst = new Analyst();
  let reporter = createReporter(() => analyst, 100);
  let stop = () => {};

  beforeEach(() => {
    vi.useFakeTimers();
    analyst = new Analyst();
    reporter = createReporter(() => analyst, 100);
    useRun.setState(initialRun);
    useReport.setState({ of: null, report: null, error: null });
    useGrades.setState({ table: new Map() });
    run = modelRunOf('prp-allpair', SET) as ComparingRun;
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it('is made when there are decisions, and anew as more come, not more often than told', async () => {
    stop = reporter.watch();
    show(run);
    await pass(1000);
    expect(analyst.asked).toHaveLength(0);
    answer(decided(0, 1, 1));
    await pass(100);
    expect(useReport.getState().report?.asked).toBe(1);
    for (let i = 0; i < 20; i++) answer(decided(1, 0, -1 - i));
    await pass(100);
    expect(analyst.asked).toHaveLength(2);
    expect(useReport.getState().report).toMatchObject({
      asked: 2,
      consistency: { consistency: { share: 1 } },
    });
    await pass(1000);
    expect(analyst.asked).toHaveLength(2);
  });

  it('is made anew by a grade, with the passages’ grades', async () => {
    show(run);
    answer(decided(0, 1, 1));
    stop = reporter.watch();
    await pass(100);
    expect(useReport.getState().report?.calibration).toBeUndefined();
    useGrades.getState().setGrade('apple', 'text a', 3);
    useGrades.getState().setGrade('apple', 'text b', 0);
    await pass(100);
    expect(analyst.asked.at(-1)!.grades).toEqual([3, 0, undefined]);
    expect(useReport.getState().report?.calibration?.calls.count).toBe(1);
  });

  it('asks nothing while nobody looks, and goes on where one view gives way to another', async () => {
    let release = () => {};
    analyst.hold = new Promise((resolve) => {
      release = resolve;
    });
    show(run);
    answer(decided(0, 1, 1));
    const drawer = reporter.watch();
    answer(decided(1, 0, 1));
    // The page opens while the drawer's report is being made.
    const page = reporter.watch();
    drawer();
    drawer();
    release();
    await pass(200);
    expect(useReport.getState().report?.asked).toBe(2);
    page();
    answer(decided(1, 2, 1));
    await pass(1000);
    expect(analyst.asked).toHaveLength(2);
  });

  it('says what the worker said when it fails, and recovers with the next decision', async () => {
    analyst.fault = new Error('The worker has ended.');
    show(run);
    answer(decided(0, 1, 1));
    stop = reporter.watch();
    await pass(100);
    expect(useReport.getState()).toMatchObject({ report: null, error: 'The worker has ended.' });
    analyst.fault = undefined;
    answer(decided(1, 0, 1));
    await pass(100);
    expect(useReport.getState()).toMatchObject({ error: null, report: { asked: 2 } });
  });
});
