import { useEffect, useRef } from 'react';
import { pairedDifference } from '../../../evaluation/significance.ts';
import { Button } from '../../ui/Button.tsx';
import { formatNumber, formatSigned } from '../../ui/numbers.ts';
import type { View } from '../frame/lesson.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { Differences } from './Differences.tsx';
import { Histogram } from './Histogram.tsx';
import { type JudgingState, leavesOutZero, MOST_DRAWS, resampled } from './state.ts';

const still = matchMedia('(prefers-reduced-motion: reduce)');
/** Resamples a frame, while they are drawn before the reader's eyes. */
const A_FRAME = 25;

/** Two systems over ten queries: their differences, and the means of queries drawn anew. */
export function TwoSystems({ state, set }: View<JudgingState>) {
  const { differences, draws, goal, interval } = state;
  const found = resampled(state);
  const veiled = interval === undefined;
  const drawing = goal > draws;
  const next = useRef(set);
  next.current = set;
  useEffect(() => {
    if (!drawing) return;
    const frame = requestAnimationFrame(() => next.current({ draws: Math.min(goal, draws + A_FRAME) }));
    return () => cancelAnimationFrame(frame);
  }, [drawing, goal, draws]);

  const draw = (count: number): void => {
    const to = Math.min(MOST_DRAWS, draws + count);
    if (still.matches || count === 1) set({ draws: to, goal: to });
    else set({ goal: to });
  };
  const change = (query: number, value: number): void => {
    set({ differences: differences.map((d, i) => (i === query ? value : d)), draws: 0, goal: 0 });
  };
  return (
    <>
      <p>
        nDCG@10 of system B less that of system A, query by query. <strong>These numbers are made up</strong>:
        drag them. Mean difference: <strong>{formatSigned(found.mean)}</strong>
      </p>
      <Differences
        differences={differences}
        mean={found.mean}
        picked={veiled ? [] : found.picked}
        onChange={change}
      />
      {veiled ? (
        <Prediction
          question={`B is ahead by ${formatSigned(found.mean)} over ${differences.length} queries. Would it be ahead with other queries like these: does the 95 % interval of the mean leave out 0?`}
          choices={[
            { value: 'yes', label: 'Yes, B is better' },
            { value: 'no', label: 'No, it may be chance' },
          ]}
          onChoose={(guess) => set({ interval: guess, goal: 1000, draws: still.matches ? 1000 : 0 })}
        />
      ) : (
        <>
          <div className="judging-draws">
            {[1, 100, 1000].map((count) => (
              <Button key={count} small disabled={draws >= MOST_DRAWS} onClick={() => draw(count)}>
                Draw {formatNumber(count)}
              </Button>
            ))}
            <span>
              {formatNumber(draws)} resamples
              {found.low !== undefined && (
                <>
                  , 95 % of their means between <strong>{formatSigned(found.low)}</strong> and{' '}
                  <strong>{formatSigned(found.high!)}</strong>
                </>
              )}
            </span>
          </div>
          <Histogram found={found} />
          {found.low !== undefined && !drawing && (
            <Revealed
              right={
                interval === '' || draws < 1000 ? undefined : (interval === 'yes') === leavesOutZero(found)
              }
            >
              {leavesOutZero(found)
                ? 'The interval leaves out 0: with other queries like these the winner would most likely stay the same.'
                : 'The interval holds 0: with other queries like these either system might be ahead.'}{' '}
              A test that flips signs by chance gives p ={' '}
              {pairedDifference(
                differences,
                differences.map(() => 0),
                { samples: 1 },
              ).p.toFixed(3)}
              .
            </Revealed>
          )}
        </>
      )}
    </>
  );
}
