import { Button } from '../../ui/Button.tsx';
import type { View } from '../frame/lesson.ts';
import { fixed } from '../frame/numbers.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { EXAMPLE, EXAMPLE_QUERY } from './example.ts';
import { PairList } from './PairList.tsx';
import { partsOf } from './pairs.ts';
import { ScoreLines } from './ScoreLines.tsx';
import { type DistillationState, letterOf, moved, RANKS, START_SCORES } from './state.ts';

/** Four passages in the teacher's order, under scores that are dragged: the loss, pair by pair, and its gradient. */
export function LossPart({ state, set }: View<DistillationState>) {
  const veiled = state.pulled === undefined;
  const parts = partsOf(state.scores, RANKS);
  const hardest = parts.gradient.reduce(
    (best, pull, i, all) => (Math.abs(pull) > Math.abs(all[best]!) ? i : best),
    0,
  );
  const untouched = moved(state).length === 0;
  return (
    <>
      <p>
        Query: <strong>{EXAMPLE_QUERY}</strong>. Four passages, from top to bottom in the teacher’s order; the
        scores are those of the untaught base. Drag them.
      </p>
      <div className="distil-loss">
        <div>
          <ScoreLines
            state={state}
            gradient={veiled ? undefined : parts.gradient}
            onMove={(place, score) =>
              set({ scores: state.scores.map((own, i) => (i === place ? score : own)) })
            }
          />
          <Button small disabled={untouched} onClick={() => set({ scores: START_SCORES })}>
            The base’s scores
          </Button>
        </div>
        {veiled ? (
          <Prediction
            question="Every pair is the wrong way round. Which passage does the gradient pull hardest?"
            choices={EXAMPLE.map((_, i) => ({ value: letterOf(i), label: letterOf(i) }))}
            onChoose={(pulled) => set({ pulled })}
          />
        ) : (
          <div className="distil-sum">
            {untouched && (
              <Revealed right={state.pulled === '' ? undefined : state.pulled === letterOf(hardest)}>
                {letterOf(hardest)}, down: the last passage leads all others, so its three pairs cost most.
              </Revealed>
            )}
            <PairList parts={parts} names={EXAMPLE.map((_, i) => letterOf(i))} />
            <p role="status">
              Loss, the mean of {parts.pairs.length} pairs: <strong>{fixed(parts.loss, 3)}</strong>
            </p>
          </div>
        )}
      </div>
    </>
  );
}
