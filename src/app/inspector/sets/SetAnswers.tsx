import { useMemo } from 'react';
import { methodNamed } from '../../../ranking/methods/registry.ts';
import { windowAnswers } from '../../../ranking/progress/window-answers.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { counted, formatNumber } from '../../ui/numbers.ts';
import { SetAnswer, type ShownAnswer } from './SetAnswer.tsx';
import './sets.css';

/** Answers of a method that shows several passages at once: what was shown, and what came of it. There is no matrix of pairs. */
export function SetAnswers({ run }: { readonly run: ComparingRun }) {
  // The log grows in place; the run is a new object with each batch.
  const answers = useMemo((): ShownAnswer[] => {
    const { compared, listed } = windowAnswers(run.log.from(0));
    return [...compared, ...listed];
  }, [run]);
  const { title, kind } = methodNamed(run.method);
  const malformed = answers.filter((one) => 'malformed' in one && one.malformed).length;
  const does =
    kind === 'setwise'
      ? 'Each answer names the best of the passages shown, by the logits of their letters'
      : 'Each answer is text that puts the passages shown in order';
  return (
    <section className="set-answers" aria-label="Answers about several passages">
      <p className="muted">
        {title}: {counted(answers.length, 'answer')}. {does}. A passage is not compared with each other one,
        so there is no matrix of pairs, and nothing is known of how the judge answers when the order shown is
        turned round.
      </p>
      {malformed > 0 && (
        <p className="set-malformed">
          {formatNumber(malformed)} of {formatNumber(answers.length)} answers were no whole list: numbers that
          stand for no passage or were repeated are left out, and passages not named follow in the order
          shown.
        </p>
      )}
      {answers.length === 0 ? (
        <p role="status">Waiting for the first answer.</p>
      ) : (
        <ol className="set-list">
          {answers.map((answer, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: answers come in their order and stay.
            <SetAnswer key={i} answer={answer} run={run} number={i + 1} />
          ))}
        </ol>
      )}
    </section>
  );
}
