import { useEffect, useRef } from 'react';
import { NO_RUN } from '../../../state/learn/run.ts';
import { training, useTraining } from '../../../state/learn/training.ts';
import type { View } from '../frame/lesson.ts';
import { type DistillationState, rateOf } from './state.ts';

/**
 * Keeps the lesson's state and the training in step: each step of the training goes into the state, where tasks judge it;
 * where the state changes by itself (“Start again”, “Undo”) the training follows. Leaving the lesson pauses it.
 */
export function useRunInState({ state, set }: View<DistillationState>): void {
  const run = useTraining((s) => s.run);
  /** What both had in common last. */
  const common = useRef(NO_RUN);
  useEffect(() => {
    if (state.run !== common.current) {
      // Changed by the lesson: “Untaught student”, “Start again”, “Undo”.
      common.current = state.run;
      if (state.run === NO_RUN) void training.restart();
      else if (state.run === useTraining.getState().former) void training.swap();
      return;
    }
    // A student without a step is what the state says already.
    if (run === common.current || run.points.length === 0) return;
    common.current = run;
    const { opened, study } = useTraining.getState();
    set({ run, teacher: opened?.ndcg.teacher, study: study ?? state.study });
  }, [run, state.run, state.study, set]);

  const { follow, listSize } = state;
  const learningRate = rateOf(state);
  useEffect(() => {
    training.set({ learningRate, listSize, follow });
  }, [learningRate, listSize, follow]);

  useEffect(() => () => training.pause(), []);
}
