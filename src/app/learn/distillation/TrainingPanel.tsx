import { useId } from 'react';
import { hasFailed, NO_RUN, stepOf } from '../../../state/learn/run.ts';
import { STEPS_A_PRESS, training, useTraining } from '../../../state/learn/training.ts';
import type { TrainOpened } from '../../../workers/train-protocol.ts';
import { Button } from '../../ui/Button.tsx';
import type { View } from '../frame/lesson.ts';
import { KeepStudent } from './KeepStudent.tsx';
import { type DistillationState, FEWEST, RATES, rateOf, rateText, SAMPLES } from './state.ts';
import { TrainingCurves } from './TrainingCurves.tsx';
import { TrainingStatus } from './TrainingStatus.tsx';

/** The student in training: what the reader has in hand, and how it goes. */
export function TrainingPanel({
  state,
  set,
  opened,
}: View<DistillationState> & { readonly opened: TrainOpened | null }) {
  const { run, study, listSize } = state;
  const status = useTraining((s) => s.status);
  const last = run.points.at(-1);
  const busy = status === 'opening' || status === 'running' || status === 'saving';
  const settings = { learningRate: rateOf(state), listSize, follow: state.follow };
  const train = (steps: number) => void training.train(study, settings, steps);
  return (
    <section
      className="distil-training"
      aria-label="Training"
      data-step={stepOf(run)}
      data-loss={last ? last.loss : undefined}
      data-state={status}
    >
      <div className="distil-row learn-controls">
        <Button kind="primary" disabled={busy} onClick={() => train(STEPS_A_PRESS)}>
          Train
        </Button>
        <Button disabled={status !== 'running' && status !== 'opening'} onClick={() => training.pause()}>
          Pause
        </Button>
        <Button disabled={busy} onClick={() => train(1)}>
          Step
        </Button>
        <Button
          disabled={run.points.length === 0 || status === 'saving'}
          onClick={() => set({ run: NO_RUN })}
        >
          Untaught student
        </Button>
        <div className="distil-sliders">
          <Slider
            label="Learning rate"
            value={state.rate}
            max={RATES.length - 1}
            text={rateText(rateOf(state))}
            onChange={(rate) => set({ rate })}
          />
          <Slider
            label="List size"
            value={listSize}
            min={FEWEST}
            max={study.candidates}
            text={`${listSize} passages, ${(listSize * (listSize - 1)) / 2} pairs`}
            onChange={(size) => set({ listSize: size })}
          />
        </div>
      </div>
      <div className="distil-row learn-controls">
        <Choice
          label="Learn from"
          value={study.taught}
          disabled={busy}
          onChange={(taught) => set({ study: { ...study, taught } })}
        />
        <Choice
          label="Measure on"
          value={study.heldOut}
          disabled={busy}
          onChange={(heldOut) => set({ study: { ...study, heldOut } })}
        />
      </div>
      <TrainingStatus state={state} failed={hasFailed(run)} />
      <TrainingCurves state={state} opened={opened} onGuess={(better) => set({ better })} />
      {run.points.length > 0 && <KeepStudent disabled={busy || status === 'closed'} steps={stepOf(run)} />}
    </section>
  );
}

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly text: string;
  readonly onChange: (value: number) => void;
}

function Slider({ label, value, min = 0, max, text, onChange }: SliderProps) {
  const id = useId();
  return (
    <div className="distil-slider">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        value={value}
        aria-valuetext={text}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output htmlFor={id}>{text}</output>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly disabled: boolean;
  readonly onChange: (id: string) => void;
}

function Choice({ label, value, disabled, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="distil-choice">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
      >
        {Object.entries(SAMPLES).map(([sample, title]) => (
          <option key={sample} value={sample}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}
