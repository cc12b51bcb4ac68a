import { useWhatIf } from '../../../state/inspector/what-if.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { useSettings } from '../../../state/settings.ts';
import { formatNumber } from '../../ui/numbers.ts';
import { Budget } from './Budget.tsx';
import { Rules } from './Rules.tsx';
import { StepThrough } from './StepThrough.tsx';
import './what-if.css';

/** Ask once, then change your mind: other orders from the decisions that are there. */
export function WhatIf({ run }: { readonly run: ComparingRun }) {
  const { result, error } = useWhatIf(run);
  const settings = useSettings();
  const choices = { passes: run.passes ?? settings.passes, top: run.top ?? settings.top };
  const ids = run.set.candidates.map(({ passage }) => passage.id);
  if (!result) {
    return (
      <p className="muted" role="status">
        {error ?? (run.matrix.decided === 0 ? 'Waiting for the first decision.' : 'Working it out …')}
      </p>
    );
  }
  const all = ids.length * (ids.length - 1);
  return (
    <div className="what-if">
      <p className="muted what-if-lead">
        All of this comes from the {formatNumber(result.decided)} decisions already made; no model is asked.
        {result.decided < all &&
          ` ${formatNumber(all - result.decided)} of ${formatNumber(all)} ordered calls were never made: what needs them says so.`}
      </p>
      <Rules result={result} run={run} ids={ids} choices={choices} />
      <Budget result={result} ids={ids} choices={choices} />
      <StepThrough result={result} ids={ids} key={run.id} />
    </div>
  );
}
