/**
 * A recording as runs: what reads live ones (columns, readings, exports) reads these too. To show a moment of one fold
 * its log up to there (`progressAt` of src/ranking/progress).
 */

import type { RecordedRun, Recording } from '../../formats/recording/recording.ts';
import { applyEvents } from '../../ranking/progress/apply-events.ts';
import { givenChoices } from '../../ranking/schedules/choices.ts';
import { randomName } from '../../storage/random-name.ts';
import { beginRun, type CandidateSet, type FirstStageRun, type ModelRun } from './run.ts';
import { RunLog } from './run-log.ts';

export interface OpenedRecording {
  readonly set: CandidateSet;
  /** Without its hits, which a recording does not hold. */
  readonly firstStage: FirstStageRun;
  readonly runs: Readonly<Partial<Record<RecordedRun['column'], ModelRun>>>;
}

/** Every call makes runs of their own, with ids of their own: opening a recording twice shows it twice. */
export function openRecording(recording: Recording): OpenedRecording {
  const { query, candidates, firstStage = null, grades, gradesElsewhere, made } = recording;
  const set: CandidateSet = {
    id: randomName(),
    query,
    candidates,
    firstStage,
    baseKey: `recording:${randomName()}`,
    recorded: { grades, gradesElsewhere, made },
  };
  const runs = recording.runs.map((run) => [run.column, modelRun(run, set)] as const);
  return {
    set,
    firstStage: {
      kind: 'first-stage',
      id: randomName(),
      set,
      inputKey: '',
      method: 'bm25',
      hits: [],
      ms: 0,
      order: candidates.map((_, i) => i),
      scores: candidates.map(({ score }) => score),
    },
    runs: Object.fromEntries(runs),
  };
}

function modelRun(recorded: RecordedRun, set: CandidateSet): ModelRun {
  const { method, fusion, trueProbabilities, raced, template, checkpoint, events } = recorded;
  const run = beginRun({
    id: randomName(),
    set,
    inputKey: '',
    method,
    ...givenChoices(recorded),
    fusion,
    trueProbabilities: trueProbabilities ?? false,
    raced: raced ?? false,
    log: new RunLog(events),
  });
  return applyEvents({ ...run, template, info: checkpoint }, events);
}
