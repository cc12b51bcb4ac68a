/** Runs and columns made by hand. */
import type { MethodId } from '../../ranking/methods/registry.ts';
import { DEFAULT_BM25 } from '../../retrieval/types.ts';
import type { Candidate } from '../../types.ts';
import {
  beginRun,
  type CandidateSet,
  type Column,
  type FirstStageRun,
  idleColumn,
  type ModelRun,
  type Run,
  type ShownColumn,
} from '../run/run.ts';
import { RunLog } from '../run/run-log.ts';

export const setOf = (candidates: readonly Candidate[], baseKey = 'same'): CandidateSet => ({
  id: baseKey,
  query: { id: 'q1', text: 'apple' },
  baseKey,
  firstStage: { bm25: DEFAULT_BM25, k: 10, fill: false },
  candidates,
});

export function firstStageOf(set: CandidateSet): FirstStageRun {
  const order = set.candidates.map((_, i) => i);
  const scores = set.candidates.map(({ score }) => score);
  return {
    kind: 'first-stage',
    id: 'bm25',
    set,
    inputKey: '',
    method: 'bm25',
    order,
    scores,
    hits: [],
    ms: 1,
  };
}

export const modelRunOf = (method: MethodId, set: CandidateSet): ModelRun =>
  beginRun({
    id: method,
    set,
    inputKey: '',
    method,
    trueProbabilities: false,
    raced: false,
    log: new RunLog(),
  });

/** A column that shows a run. */
export const showing = (run: Run, column: Partial<Column> = {}): ShownColumn => ({
  ...idleColumn,
  state: 'done',
  shows: run.id,
  run,
  ...column,
});
