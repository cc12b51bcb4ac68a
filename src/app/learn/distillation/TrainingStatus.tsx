import { stepOf } from '../../../state/learn/run.ts';
import { useTraining } from '../../../state/learn/training.ts';
import { formatEstimate, formatNumber } from '../../ui/numbers.ts';
import { Progress } from '../../ui/Progress.tsx';
import { fixed } from '../frame/numbers.ts';
import { type DistillationState, rateText } from './state.ts';

/** Steps over whose seconds the time that is left is estimated. */
const RECENT = 10;

/** What goes on, how far it is, and what went wrong. */
export function TrainingStatus({
  state,
  failed,
}: {
  readonly state: DistillationState;
  readonly failed: boolean;
}) {
  const { status, progress, goal, error, study } = useTraining();
  const { run } = state;
  const step = stepOf(run);
  const last = run.points.at(-1);
  if (error) {
    return (
      <p className="column-note column-error" role="alert">
        {error.message} {error.code === 'worker' && 'The student is lost; Train begins with another.'}
      </p>
    );
  }
  if (status === 'opening' && progress?.phase === 'label') {
    const { done, total, seconds } = progress;
    const left = done > 0 ? `, ${formatEstimate(((total - done) * seconds) / done)} left` : '';
    return (
      <div className="distil-status">
        <Progress label="The teacher compares pairs" value={done / total} />
        <p>
          The teacher compares pairs, once for all students: {formatNumber(done)} of {formatNumber(total)}{' '}
          calls{left}
        </p>
      </div>
    );
  }
  if (status === 'opening') {
    return (
      <div className="distil-status">
        <Progress label="Opening" value={undefined} />
        <p>{progress?.phase === 'student' ? 'Preparing the student …' : 'Loading the teacher …'}</p>
      </div>
    );
  }
  if (failed && last) {
    return (
      <p className="distil-status column-error" role="status">
        Training fails:{' '}
        {Number.isFinite(last.loss)
          ? `the loss is ${fixed(last.loss, 3)}. A student that gives every passage the same score pays log 2 = 0.693 for each pair`
          : 'the loss is no longer a number'}
        . At this rate the steps are too long, and what the model knew is overwritten.
      </p>
    );
  }
  if (status === 'running') {
    const recent = run.points.slice(-RECENT);
    const seconds = recent.reduce((sum, point) => sum + point.seconds, 0) / Math.max(1, recent.length);
    return (
      <div className="distil-status">
        <Progress label="Training" value={step / goal} />
        <p>
          {step === 0
            ? 'The first step: its graphs are compiled …'
            : `Step ${step} of ${goal}${recent.length > 1 ? `, ${formatEstimate((goal - step) * seconds)} left` : ''}`}
        </p>
      </div>
    );
  }
  if (!last) {
    return (
      <p className="distil-status muted">
        Train asks the teacher about each question’s {state.study.candidates} passages; then a copy of the
        base learns from its answers for a hundred steps, all in this page. Two lists a step, AdamW.
      </p>
    );
  }
  const other = study && JSON.stringify(study) !== JSON.stringify(state.study);
  return (
    <p className="distil-status" role="status">
      {other
        ? 'Train begins with these questions and an untaught student; the student you have is dropped.'
        : `Paused at step ${step}: loss ${fixed(last.loss, 3)}, learning rate ${rateText(last.rate)}.`}
    </p>
  );
}
