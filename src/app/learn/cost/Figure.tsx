import { Segmented } from '../../ui/Segmented.tsx';
import type { View } from '../frame/lesson.ts';
import { BudgetPart } from './BudgetPart.tsx';
import { Growth } from './Growth.tsx';
import { CallTimes, WhoseDecisions } from './Sources.tsx';
import { Steps } from './Steps.tsx';
import { type CostState, PARTS } from './state.ts';

export function Figure(view: View<CostState>) {
  const { state, set } = view;
  const { part } = state;
  return (
    <>
      <Segmented
        label="Part of the figure"
        className="cost-parts"
        value={part}
        options={PARTS}
        onChange={(next) => set({ part: next })}
      />
      {part !== 'growth' && <WhoseDecisions state={state} set={set} />}
      {part === 'growth' && <Growth {...view} />}
      {part === 'steps' && <Steps {...view} />}
      {part === 'budget' && <BudgetPart {...view} />}
      {part !== 'steps' && <CallTimes state={state} set={set} />}
    </>
  );
}
