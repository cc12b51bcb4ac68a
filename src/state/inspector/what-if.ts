/** What other rules and schedules make of the inspected run's decisions: worked out beside the page, anew as decisions come. */

import { useEffect } from 'react';
import { create } from 'zustand';
import { packDecisions } from '../../analysis/judge-report.ts';
import type { WhatIf, WhatIfRequest } from '../../analysis/what-if.ts';
import { messageOf } from '../../errors.ts';
import { DEFAULT_CHOICES } from '../../ranking/schedules/choices.ts';
import { analysisClient } from '../../workers/analysis-client.ts';
import type { AnalysisWorkerApi } from '../../workers/analysis-protocol.ts';
import { useCorpus } from '../corpus/corpus.ts';
import { useGrades } from '../grades.ts';
import { judgmentsFor, namedGrades } from '../readings/quality.ts';
import type { ComparingRun } from '../run/run.ts';
import { useSettings } from '../settings.ts';

interface WhatIfState {
  /** The run that it is about; an older state of it stands until the new one is there. */
  readonly runId: string | null;
  readonly result: WhatIf | null;
  readonly error: string | null;
}

export const nothing: WhatIfState = { runId: null, result: null, error: null };
export const useWhatIfState = create<WhatIfState>()(() => nothing);

/** While decisions pour in, and while choices are typed, it is worked out at most so often. */
const WAIT_MS = 400;

/** What is asked of the worker. */
export function whatIfRequest(run: ComparingRun): WhatIfRequest {
  const { candidates, query } = run.set;
  const decisions = run.matrix.list();
  const { passes, top, gain } = useSettings.getState();
  const table = judgmentsFor(run.set, useGrades.getState().table);
  const { names, grades } = namedGrades(
    { query: query.text, candidates },
    table,
    useCorpus.getState().textHashes,
  );
  return {
    decisions: packDecisions(candidates.length, decisions),
    // What was looked up has no time of its own.
    ms: Float64Array.from(decisions, ({ ms, cached }) => (cached && ms === 0 ? Number.NaN : ms)),
    names,
    grades: [...grades],
    gain,
    choices: { passes: run.passes ?? passes ?? DEFAULT_CHOICES.passes, top: run.top ?? top },
  };
}

export interface Planner {
  /** Has it worked out for a run, at the latest state of it that is given before its turn comes. */
  want(run: ComparingRun): void;
}

/** @param make gives the worker when it is first wanted */
export function createPlanner(make: () => Pick<AnalysisWorkerApi, 'whatIf'>, everyMs = WAIT_MS): Planner {
  /** The newest that nobody has worked out yet. */
  let wanted: ComparingRun | undefined;
  let waiting = false;
  let busy = false;

  const after = (ms: number): void => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      void refresh();
    }, ms);
  };
  /** One at a time: what comes meanwhile is worked out next. */
  const refresh = async (): Promise<void> => {
    const run = wanted;
    if (busy || !run) return;
    wanted = undefined;
    busy = true;
    try {
      const result = await make().whatIf(whatIfRequest(run));
      useWhatIfState.setState({ runId: run.id, result, error: null });
    } catch (error) {
      const text = messageOf(error);
      useWhatIfState.setState({ runId: run.id, result: null, error: text });
    } finally {
      busy = false;
      if (wanted) after(everyMs);
    }
  };
  return {
    want(run) {
      wanted = run;
      after(useWhatIfState.getState().runId === run.id ? everyMs : 0);
    },
  };
}

/** The page's own. */
const planner = createPlanner(analysisClient);

/** The result for a run, kept in step while it is looked at; of `result` and `error` at most one is there. */
export function useWhatIf(run: ComparingRun): Pick<WhatIfState, 'result' | 'error'> {
  const grades = useGrades((s) => s.table);
  const gain = useSettings((s) => s.gain);
  const passes = useSettings((s) => s.passes);
  const top = useSettings((s) => s.top);
  const state = useWhatIfState();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the request is made of, which reads the stores itself.
  useEffect(() => {
    if (run.matrix.decided === 0) return;
    planner.want(run);
  }, [run, run.version, grades, gain, passes, top]);
  return state.runId === run.id ? state : nothing;
}
