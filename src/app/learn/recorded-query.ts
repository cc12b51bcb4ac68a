/** What a recording says of its query, for lessons and pages: decisions, scores, grades, times. */
import { type PackedDecisions, packDecisions } from '../../analysis/judge-report.ts';
import type { Gain } from '../../evaluation/metrics.ts';
import { ndcgAt } from '../../evaluation/summary.ts';
import type { Recording } from '../../formats/recording/recording.ts';
import type { PromptTemplate } from '../../ranking/template.ts';
import type { Decision } from '../../ranking/types.ts';
import { openRecording } from '../../state/run/recorded.ts';
import type { ComparingRun, PointwiseRun } from '../../state/run/run.ts';
import type { Candidate } from '../../types.ts';

export interface RecordedQuery {
  readonly query: string;
  /** In first-stage order. */
  readonly candidates: readonly Candidate[];
  readonly ids: readonly string[];
  /** [name, grade]; of judged passages that are no candidates too. */
  readonly grades: readonly (readonly [string, number])[];
  /** When and where it was made; undefined: nobody noted it. */
  readonly made: string | undefined;
  readonly student: PointwiseRun | undefined;
  readonly teacher: ComparingRun | undefined;
}

export function recordedQuery(recording: Recording): RecordedQuery {
  const { query, candidates, grades, gradesElsewhere = [], made } = recording;
  const { student, teacher } = openRecording(recording).runs;
  return {
    query: query.text,
    candidates,
    ids: candidates.map(({ passage }) => passage.id),
    grades: [...grades, ...gradesElsewhere.map((grade, i) => [`elsewhere ${i}`, grade] as const)],
    made: made?.on,
    student: student?.kind === 'pointwise' ? student : undefined,
    teacher: teacher?.kind === 'comparing' ? teacher : undefined,
  };
}

/** The teacher's decisions for the analyses, with their measured milliseconds. */
export interface RecordedDecisions {
  readonly packed: PackedDecisions;
  readonly ms: Float64Array;
  readonly template: PromptTemplate | null;
  /** Milliseconds that a fresh call took in the mean; NaN where all came from the cache. */
  readonly callMs: number;
}

export function decisionsOf(run: ComparingRun): RecordedDecisions {
  const decisions = run.matrix.list();
  const ms = Float64Array.from(decisions, msOf);
  const fresh = ms.filter((one) => !Number.isNaN(one));
  return {
    packed: packDecisions(run.set.candidates.length, decisions),
    ms,
    template: run.template,
    callMs: fresh.reduce((sum, one) => sum + one, 0) / fresh.length,
  };
}

/** What was looked up has no time of its own. */
const msOf = ({ cached, ms }: Decision): number => (cached && ms === 0 ? Number.NaN : ms);

/** nDCG@10 of an order of the candidates; undefined where nothing is graded above 0. */
export const ndcg10 = (
  { ids, grades }: Pick<RecordedQuery, 'ids' | 'grades'>,
  order: readonly number[],
  gain: Gain = 'linear',
): number | undefined =>
  ndcgAt(
    order.map((index) => ids[index]!),
    new Map(grades),
    [10],
    gain,
  )[0]!.value;
