import { type ReactNode, useEffect, useState } from 'react';
import type { SteppedSchedule } from '../../../analysis/steps.ts';
import { Button } from '../../ui/Button.tsx';
import { HeapTree } from './HeapTree.tsx';
import { courseEnded, stepInWords } from './stepped.ts';
import { WindowList } from './WindowList.tsx';

interface Props {
  readonly course: SteppedSchedule;
  readonly ids: readonly string[];
  /** Steps taken; as many as there are: the end. */
  readonly at: number;
  readonly onStep: (at: number) => void;
  /** What stands before the buttons. */
  readonly children?: ReactNode;
}

const PLAY_MS = 700;

/** A schedule under the hand: back, next, play, and what it has in hand. */
export function Stepper({ course, ids, at, onStep, children }: Props) {
  const [playing, play] = useState(false);
  const last = course.steps.length;
  const step = Math.min(at, last);
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (step < last) onStep(step + 1);
      if (step + 1 >= last) play(false);
    }, PLAY_MS);
    return () => clearTimeout(timer);
  }, [playing, step, last, onStep]);
  const now = course.steps[step];
  const view = now?.view ?? course.end;
  return (
    <>
      <div className="what-if-bar">
        {children}
        <Button small disabled={step === 0} onClick={() => onStep(step - 1)}>
          Back
        </Button>
        <Button small disabled={step === last} onClick={() => onStep(step + 1)}>
          Next
        </Button>
        <Button
          small
          onClick={() => {
            if (step === last) onStep(0);
            play(!playing && last > 0);
          }}
        >
          {playing ? 'Pause' : 'Play'}
        </Button>
        <label className="what-if-slider">
          Step
          <input
            type="range"
            min={0}
            max={last}
            value={step}
            aria-valuetext={`Step ${step} of ${last}`}
            onChange={(event) => onStep(Number(event.target.value))}
          />
          <output>
            {step} of {last}
          </output>
        </label>
      </div>
      <p className="what-if-said" aria-live={playing ? 'off' : 'polite'}>
        {now ? stepInWords(now, ids) : courseEnded(course, ids)}
      </p>
      {view?.kind === 'heap' && <HeapTree view={view} pairs={now?.pairs ?? []} ids={ids} />}
      {view?.kind === 'window' && <WindowList view={view} pairs={now?.pairs ?? []} ids={ids} />}
    </>
  );
}
