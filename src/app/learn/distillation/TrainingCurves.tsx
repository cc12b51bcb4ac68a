import { useMemo } from 'react';
import { ndcgCurve } from '../../../state/learn/run.ts';
import type { TrainOpened } from '../../../workers/train-protocol.ts';
import type { Curve } from '../../models/chart/curve.ts';
import { LineChart } from '../../models/chart/LineChart.tsx';
import { formatShare } from '../../ui/numbers.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { type DistillationState, SAMPLES, type SampleId } from './state.ts';

interface Props {
  readonly state: DistillationState;
  readonly opened: TrainOpened | null;
  readonly onGuess: (better: string) => void;
}

/** Points of a curve, at most: a drawing has no room for more, and each step draws it anew. */
const MOST = 60;

/** So long without a better figure, and more training does harm. */
const OVERFIT_STEPS = 20;

/** Loss and held-out nDCG over steps; the second only to those who have said what they expect. */
export function TrainingCurves({ state, opened, onGuess }: Props) {
  const { run, better, study } = state;
  const loss = useMemo((): Curve => {
    const finite = (value: number) => (Number.isFinite(value) ? value : undefined);
    const every = Math.ceil(run.points.length / MOST);
    const rows = run.points.filter((_, i) => i % every === 0 || i === run.points.length - 1);
    return {
      title: 'Loss of each step’s lists',
      series: ['Loss'],
      rows: rows.map((point) => ({ step: point.step, values: [finite(point.loss)] })),
    };
  }, [run]);
  const measured = useMemo((): Curve => {
    const { bm25 = 0, relevance = 0, teacher = 0 } = opened?.ndcg ?? {};
    const curve = ndcgCurve(run);
    const every = Math.ceil(curve.length / MOST);
    return {
      title: `nDCG@10 on ${SAMPLES[study.heldOut as SampleId]}`,
      series: ['Student', 'Teacher', 'Base, own question', 'BM25'],
      rows: curve
        .filter((_, i) => i % every === 0 || i === curve.length - 1)
        .map(([step, ndcg]) => ({ step, values: [ndcg, teacher, relevance, bm25] })),
    };
  }, [run, opened, study.heldOut]);
  const points = ndcgCurve(run);
  const [first, last] = [points[0], points.at(-1)];
  const best = points.reduce((a, b) => (b[1] > a[1] ? b : a), points[0] ?? [0, 0]);
  const drawn = run.points.length > 0;
  return (
    <div className="distil-curves">
      {drawn ? <LineChart curve={loss} of="the student" /> : null}
      {better === undefined ? (
        <Prediction
          question={`The student learns from questions about ${topic(study.taught)}. How will it rank passages about ${topic(study.heldOut)}, which it never saw?`}
          choices={[
            { value: 'better', label: 'Better than before' },
            { value: 'same', label: 'As before' },
            { value: 'worse', label: 'Worse' },
          ]}
          onChoose={onGuess}
        />
      ) : (
        drawn && (
          <div>
            <LineChart curve={measured} of="the student" />
            {first && last && last[0] >= 10 && (
              <Revealed
                right={better === '' ? undefined : better === (last[1] > first[1] ? 'better' : 'worse')}
              >
                From {formatShare(first[1])} to {formatShare(last[1])}. {gloss(first, last, best)}
              </Revealed>
            )}
          </div>
        )
      )}
    </div>
  );
}

type Point = readonly [step: number, ndcg: number];

/** What to make of it. */
function gloss(first: Point, last: Point, best: Point): string {
  if (last[0] - best[0] >= OVERFIT_STEPS) {
    return `It was best at step ${best[0]}, with ${formatShare(best[1])}: since then it learns its few questions by heart (overfitting).`;
  }
  if (last[1] <= first[1]) return 'It has not become better.';
  return 'It learns an answer to the new wording, not the passages. With so few questions a few hundredths may be chance (lesson 7).';
}

const TOPICS: Readonly<Record<SampleId, string>> = {
  immunity: 'vaccines',
  kitchen: 'cooking',
  'night-sky': 'the night sky',
  bicycles: 'bicycles',
  town: 'a town’s services',
};
const topic = (id: string): string => TOPICS[id as SampleId];
