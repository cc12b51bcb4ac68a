import { Segmented } from '../../ui/Segmented.tsx';
import type { View } from '../frame/lesson.ts';
import { OneRanking } from './OneRanking.tsx';
import type { JudgingState } from './state.ts';
import { TwoSystems } from './TwoSystems.tsx';

const PARTS = [
  { value: 'ranking', label: 'One ranking' },
  { value: 'systems', label: 'Two systems' },
] as const;

export function Figure(view: View<JudgingState>) {
  const { state, set } = view;
  return (
    <>
      <Segmented
        label="Part of the figure"
        className="judging-parts"
        value={state.part}
        options={PARTS}
        onChange={(part) => set({ part })}
      />
      {state.part === 'ranking' ? <OneRanking {...view} /> : <TwoSystems {...view} />}
    </>
  );
}
