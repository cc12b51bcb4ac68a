/** The report on the judge under inspection, made anew in the analysis worker as decisions come, one at a time. */

import { create } from 'zustand';
import {
  type JudgeReport,
  type NamedOrder,
  packDecisions,
  type ReportRequest,
} from '../../analysis/judge-report.ts';
import { messageOf } from '../../errors.ts';
import { analysisClient } from '../../workers/analysis-client.ts';
import type { ReportsOnJudges } from '../../workers/analysis-protocol.ts';
import { type GradeTable, passageKey, queryKey, useGrades } from '../grades.ts';
import { judgmentsFor } from '../readings/quality.ts';
import { type ComparingRun, type PointwiseRun, type RunState, useRun } from '../run/run.ts';
import { comparingOf, studentOf, useInspector } from './inspected.ts';

/** What a report is made of. */
interface Inputs {
  readonly run: ComparingRun;
  readonly student: PointwiseRun | null;
  readonly grades: GradeTable;
}

interface ReportState {
  /** What the report is about; an older one stands until the new one is there. */
  readonly of: Inputs | null;
  readonly report: JudgeReport | null;
  /** What the worker said when it failed. */
  readonly error: string | null;
}

export const useReport = create<ReportState>()(() => ({ of: null, report: null, error: null }));

/** While decisions pour in a report is made at most so often. */
const EVERY_MS = 400;
/** The models compute on the same cores: a report rests so many times as long as it took. */
const REST = 6;

const same = (one: Inputs | null, other: Inputs): boolean =>
  one !== null && one.run === other.run && one.student === other.student && one.grades === other.grades;

/** What is asked of the worker: decisions, orders to compare, grades. */
export function reportRequest(state: Pick<RunState, 'columns' | 'runs'>, run: ComparingRun): ReportRequest {
  const { candidates, query } = run.set;
  const judged = judgmentsFor(run.set, useGrades.getState().table).get(queryKey(query.text));
  const student = studentOf(state, run.set.id);
  const n = candidates.length;
  const bm25: NamedOrder = {
    name: 'bm25',
    order: candidates.map((_, position) => position),
    scores: candidates.map((_, position) => n - position),
  };
  return {
    decisions: packDecisions(n, run.matrix.list()),
    orders: [
      { name: 'teacher', order: run.order, scores: run.scores },
      ...(student?.totals ? [{ name: 'student', order: student.order, scores: student.scores }] : []),
      bm25,
    ],
    grades: candidates.map(({ passage }) => judged?.get(passageKey(passage.text))?.grade ?? undefined),
  };
}

export interface Reporter {
  /** Keeps the report in step while somebody looks at it. Returns what ends that. */
  watch(): () => void;
}

/** @param make makes the worker when a report is first wanted */
export function createReporter(make: () => ReportsOnJudges, everyMs = EVERY_MS): Reporter {
  let worker: ReportsOnJudges | undefined;
  let watchers = 0;
  let busy = false;
  /** Milliseconds of the last report, there and back. */
  let took = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stops: readonly (() => void)[] = [];

  const refresh = async (): Promise<void> => {
    const state = useRun.getState();
    const run = comparingOf(state);
    if (busy || watchers === 0 || !run || run.matrix.decided === 0) return;
    const student = studentOf(state, run.set.id);
    const inputs = { run, student: student?.totals ? student : null, grades: useGrades.getState().table };
    if (same(useReport.getState().of, inputs)) return;
    busy = true;
    const began = performance.now();
    try {
      worker ??= make();
      const report = await worker.judgeReport(reportRequest(state, run));
      useReport.setState({ of: inputs, report, error: null });
    } catch (error) {
      const message = messageOf(error);
      useReport.setState({ of: inputs, report: null, error: message });
    } finally {
      busy = false;
      took = performance.now() - began;
    }
    // What has changed meanwhile.
    soon();
  };
  const soon = (): void => {
    if (watchers === 0) return;
    timer ??= setTimeout(
      () => {
        timer = undefined;
        void refresh();
      },
      Math.max(everyMs, REST * took),
    );
  };
  return {
    watch() {
      if (watchers++ === 0) {
        stops = [useRun.subscribe(soon), useGrades.subscribe(soon), useInspector.subscribe(soon)];
      }
      void refresh();
      let watching = true;
      return () => {
        if (!watching) return;
        watching = false;
        if (--watchers > 0) return;
        clearTimeout(timer);
        timer = undefined;
        for (const stop of stops) stop();
      };
    },
  };
}

/** The page's own. */
const reporter = createReporter(analysisClient);
export const watchReport = (): (() => void) => reporter.watch();
