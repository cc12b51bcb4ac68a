import { cancelQuestions, type QuestionRun } from '../../../state/inspector/question-runs.ts';
import { Button } from '../../ui/Button.tsx';
import { counted, formatEstimate, formatNumber } from '../../ui/numbers.ts';
import { Progress } from '../../ui/Progress.tsx';

/** How far questions are, how long they will take, and the way out; or why there is no answer. */
export function AskedProgress({
  name,
  run,
}: {
  readonly name: string;
  readonly run: QuestionRun | undefined;
}) {
  if (!run || run.state === 'done') return null;
  const total = run.job.questions.length;
  if (run.state === 'error') return <p role="alert">{run.error}</p>;
  if (run.state === 'cancelled') {
    return (
      <p className="muted" role="status">
        Cancelled after {formatNumber(run.answered)} of {counted(total, 'call')}; what was answered is kept.
      </p>
    );
  }
  return (
    <div className="asked-progress">
      <Progress label="Answers" value={run.answered / total} />
      <p className="muted">
        {formatNumber(run.answered)} of {counted(total, 'call')}
        {run.secondsLeft !== null && `, ${formatEstimate(run.secondsLeft)} left`}
      </p>
      <Button small onClick={() => cancelQuestions(name)}>
        Cancel asking
      </Button>
    </div>
  );
}
