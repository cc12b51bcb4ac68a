/** The decisions that the lesson on cost works on: of a shipped recording, of the reader's own run, or out of a link. */
import type { Recording } from '../../../formats/recording/recording.ts';
import {
  firstRecording,
  isRecordedSample,
  RECORDED_SAMPLES,
  type RecordedSample,
  sampleRecording,
} from '../../../state/learn/recordings.ts';
import { playground } from '../../../state/playground.ts';
import { recordingLink } from '../../../state/recording/link.ts';
import { linkedBytes } from '../../../state/recording/linked-bytes.ts';
import { columnOf, isRecorded, type RunState, useRun } from '../../../state/run/run.ts';
import { decisionsOf, type RecordedDecisions, type RecordedQuery, recordedQuery } from '../recorded-query.ts';

/** What a call takes, and whose figure that is. */
export interface CallTime {
  readonly ms: number;
  /** Calls that the mean is of. */
  readonly calls: number;
  readonly measured: 'here' | 'elsewhere';
  /** The machine, or the model, as far as it is known. */
  readonly on: string | undefined;
}

export interface CostData {
  /** A sample; `own`: what stands in the Playground; `link`: what came in a link. */
  readonly id: RecordedSample | 'own' | 'link';
  readonly query: RecordedQuery;
  readonly decisions: RecordedDecisions;
  /** undefined: no call of it was timed. */
  readonly time: CallTime | undefined;
  /** What stands behind `r=` in a link to it; undefined for samples. */
  readonly packed: string | undefined;
}

export const FIRST: RecordedSample = 'town';
/** Passages: more make the pictures too small, fewer leave nothing to save. */
export const FEWEST = 4;
export const MOST = 20;

const refused = `The lesson needs both answers about every pair of ${FEWEST} to ${MOST} passages: a run of all pairs that came to its end.`;

/** @throws Error with a sentence where the recording has not all decisions */
export function costData(
  id: CostData['id'],
  recording: Recording,
  more: { readonly here?: boolean; readonly packed?: string } = {},
): CostData {
  const query = recordedQuery(recording);
  const n = query.candidates.length;
  if (!query.teacher || n < FEWEST || n > MOST || query.teacher.matrix.decided < n * (n - 1)) {
    throw new Error(refused);
  }
  const decisions = decisionsOf(query.teacher);
  const calls = decisions.ms.filter((ms) => !Number.isNaN(ms)).length;
  const measured = more.here ? 'here' : 'elsewhere';
  const on = more.here ? query.teacher.info?.name : query.made;
  return {
    id,
    query,
    decisions,
    packed: more.packed,
    // What was made of labels has decisions without times.
    time: decisions.callMs > 0 ? { ms: decisions.callMs, calls, measured, on } : undefined,
  };
}

/** What a lesson's address asks for: `r` holds a recording, `d` names a sample or `own`. */
export async function loadData(params: URLSearchParams): Promise<CostData> {
  const packed = params.get('r');
  if (packed !== null) {
    const bytes = linkedBytes(`#recording=${packed}`);
    return costData('link', firstRecording(bytes!, 'the link'), { packed });
  }
  const id = params.get('d') ?? FIRST;
  return loadSample(isRecordedSample(id) ? id : FIRST);
}

export const loadSample = async (id: RecordedSample): Promise<CostData> =>
  costData(id, await sampleRecording(id));

/** What stands in the Playground. @throws Error with a sentence where it has no complete comparison */
export function ownData(): CostData {
  const recording = playground.shared();
  const packed = recordingLink(recording, '').split('=').slice(1).join('=');
  const here = !isRecorded(columnOf(useRun.getState(), 'teacher').run);
  return costData('own', recording, { here, packed });
}

/** The query whose run in the Playground can be taken here; undefined where there is none. */
export function ownQuery(state: RunState): string | undefined {
  const { run, state: at } = columnOf(state, 'teacher');
  if (at !== 'done' || run?.kind !== 'comparing') return undefined;
  const n = run.set.candidates.length;
  const whole = run.matrix.decided === n * (n - 1);
  return whole && n >= FEWEST && n <= MOST ? run.set.query.text : undefined;
}

export const dataTitle = ({ id, query }: CostData): string =>
  id === 'own' ? query.query : id === 'link' ? 'From the link' : RECORDED_SAMPLES[id];
