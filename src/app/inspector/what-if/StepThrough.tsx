import { useEffect, useState } from 'react';
import type { ScheduleStep, SteppedSchedule } from '../../../analysis/steps.ts';
import type { WhatIf } from '../../../analysis/what-if.ts';
import { Button } from '../../ui/Button.tsx';
import { counted } from '../../ui/numbers.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { HeapTree } from './HeapTree.tsx';
import { WindowList } from './WindowList.tsx';

type Stepped = keyof WhatIf['steps'];

const PLAY_MS = 700;

/** Heapsort's tree and the window's passes, comparison by comparison. */
export function StepThrough({ result, ids }: { readonly result: WhatIf; readonly ids: readonly string[] }) {
  const [which, choose] = useState<Stepped>('heapsort');
  const [at, go] = useState(0);
  const [playing, play] = useState(false);
  const course = result.steps[which];
  const last = course.steps.length;
  const step = Math.min(at, last);
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => go((now) => Math.min(now + 1, last)), PLAY_MS);
    return () => clearInterval(timer);
  }, [playing, last]);
  useEffect(() => {
    if (step === last) play(false);
  }, [step, last]);
  const now = course.steps[step];
  const view = now?.view ?? course.end;
  return (
    <section aria-label="Step through">
      <h3>Step through</h3>
      <div className="what-if-bar">
        <Segmented<Stepped>
          label="Schedule to step through"
          value={which}
          options={[
            { value: 'heapsort', label: 'Heapsort' },
            { value: 'sliding', label: 'Sliding window' },
          ]}
          onChange={(next) => {
            choose(next);
            go(0);
            play(false);
          }}
        />
        <Button small disabled={step === 0} onClick={() => go(step - 1)}>
          Back
        </Button>
        <Button small disabled={step === last} onClick={() => go(step + 1)}>
          Next
        </Button>
        <Button
          small
          onClick={() => {
            if (step === last) go(0);
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
            onChange={(event) => go(Number(event.target.value))}
          />
          <output>
            {step} of {last}
          </output>
        </label>
      </div>
      <p className="what-if-said" aria-live={playing ? 'off' : 'polite'}>
        {now ? inWords(now, ids) : ended(course, ids)}
      </p>
      {view?.kind === 'heap' && <HeapTree view={view} pairs={now?.pairs ?? []} ids={ids} />}
      {view?.kind === 'window' && <WindowList view={view} pairs={now?.pairs ?? []} ids={ids} />}
    </section>
  );
}

function inWords({ pairs, calls }: ScheduleStep, ids: readonly string[]): string {
  const said = pairs.map(({ one, other, winner, clear }) => {
    const against = `${ids[one]} against ${ids[other]}`;
    return clear
      ? `${against}: both orders name ${ids[winner]}`
      : `${against}: no clear winner, so BM25’s order decides for ${ids[winner]}`;
  });
  return `${said.join('; ')}. ${counted(calls, 'call')} so far.`;
}

function ended({ end, complete, steps }: SteppedSchedule, ids: readonly string[]): string {
  const order = end?.kind === 'heap' ? [...end.sorted, ...end.heap] : (end?.list ?? []);
  const names = order.map((index) => ids[index]).join(', ');
  const calls = counted(steps.at(-1)?.calls ?? 0, 'call');
  return complete
    ? `Done after ${calls}. The order: ${names}.`
    : `After ${calls} it needs a pair that was never asked. The order so far: ${names}.`;
}
