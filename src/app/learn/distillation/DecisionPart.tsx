import { useMemo } from 'react';
import { useTraining } from '../../../state/learn/training.ts';
import type { View } from '../frame/lesson.ts';
import { fixed } from '../frame/numbers.ts';
import { DecisionPath } from './DecisionPath.tsx';
import { followedList, worstPair } from './follow.ts';
import type { DistillationState } from './state.ts';

/** One pair of the teacher's, from its two answers to its loss, its gradient and the student's changed answer. */
export function DecisionPart({ state, set }: View<DistillationState>) {
  const opened = useTraining((s) => s.opened);
  const list = opened?.lists[state.follow];
  const start = opened?.start.scores;
  const followed = useMemo(
    () => list && followedList(list, state.listSize, state.run, state.follow, start),
    [list, state.listSize, state.run, state.follow, start],
  );
  if (!opened || !list || !followed) {
    return (
      <p>
        Here you will follow one decision of the teacher: its answers, the pair’s loss, the gradient, and how
        the student’s answer changes. Press <strong>Step</strong> below: the teacher is asked, and the student
        takes its first step.
      </p>
    );
  }
  const { pairs } = followed.parts;
  const at = state.pair ?? worstPair(followed.parts);
  const pair = pairs[Math.min(at, pairs.length - 1)];
  return (
    <>
      <div className="distil-row learn-controls">
        <label className="distil-choice">
          Question
          <select
            className="input"
            value={state.follow}
            onChange={(event) => set({ follow: Number(event.target.value), pair: undefined })}
          >
            {opened.lists.map(({ query }, i) => (
              <option key={query.id} value={i}>
                {query.text}
              </option>
            ))}
          </select>
        </label>
        <label className="distil-choice">
          Pair
          <select
            className="input"
            value={at}
            onChange={(event) => set({ pair: Number(event.target.value) })}
          >
            {pairs.map(({ better, worse, loss }, i) => (
              <option key={`${better} ${worse}`} value={i}>
                {`${list.passages[better]!.id} over ${list.passages[worse]!.id}, loss ${fixed(loss, 2)}`}
              </option>
            ))}
          </select>
        </label>
      </div>
      {pair && <DecisionPath list={list} followed={followed} pair={pair} />}
    </>
  );
}
