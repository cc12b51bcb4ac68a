import { Segmented } from '../../ui/Segmented.tsx';
import type { View } from '../frame/lesson.ts';
import { ModelNote } from '../model/ModelNote.tsx';
import { useAnswers } from '../model/useAnswers.ts';
import { Likelihoods } from './Likelihoods.tsx';
import { OnePassage } from './OnePassage.tsx';
import { type AskingState, wantedOf } from './state.ts';
import { TwoWordings } from './TwoWordings.tsx';

const PARTS = [
  { value: 'one', label: 'One passage' },
  { value: 'wordings', label: 'Two wordings' },
  { value: 'likelihood', label: 'Likelihood' },
] as const;

export function Figure(view: View<AskingState>) {
  const { state, start, set, note } = view;
  const answerer = useAnswers(
    'teacher',
    wantedOf(state, start),
    state.answers,
    (answers) => note({ answers }),
    'lesson-asking',
  );
  return (
    <>
      <div className="model-head">
        <Segmented
          label="Part of the figure"
          value={state.part}
          options={PARTS}
          onChange={(part) => set({ part })}
        />
        <ModelNote slot="teacher" answerer={answerer} />
      </div>
      {state.part === 'one' ? (
        <OnePassage {...view} answerer={answerer} />
      ) : state.part === 'wordings' ? (
        <TwoWordings {...view} answerer={answerer} />
      ) : (
        <Likelihoods {...view} answerer={answerer} />
      )}
    </>
  );
}
