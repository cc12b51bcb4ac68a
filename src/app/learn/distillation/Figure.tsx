import { useTraining } from '../../../state/learn/training.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import type { View } from '../frame/lesson.ts';
import { DecisionPart } from './DecisionPart.tsx';
import { LossPart } from './LossPart.tsx';
import { PricePart } from './PricePart.tsx';
import type { DistillationState, Part } from './state.ts';
import { TrainingPanel } from './TrainingPanel.tsx';
import { useRunInState } from './useRunInState.ts';

const OPTIONS: readonly { readonly value: Part; readonly label: string }[] = [
  { value: 'loss', label: 'Pairs and loss' },
  { value: 'decision', label: 'One decision' },
  { value: 'price', label: 'The price' },
];
const VIEWS = { loss: LossPart, decision: DecisionPart, price: PricePart } as const;

/** Above, what is looked at closely; below, the training, which goes on meanwhile. */
export function Figure(view: View<DistillationState>) {
  const { state, set } = view;
  const opened = useTraining((s) => s.opened);
  useRunInState(view);
  const Shown = VIEWS[state.part];
  return (
    <div className="distil">
      <Segmented
        label="Part of the figure"
        className="distil-parts"
        value={state.part}
        options={OPTIONS}
        onChange={(part) => set({ part })}
      />
      <Shown {...view} />
      <TrainingPanel {...view} opened={opened} />
    </div>
  );
}
