import { useMemo } from 'react';
import { methodNamed } from '../../../ranking/methods/registry.ts';
import { windowAnswers } from '../../../ranking/progress/window-answers.ts';
import type { ComparingRun } from '../../../state/run/run.ts';
import { counted } from '../../ui/numbers.ts';
import { SetAnswer, type ShownAnswer } from './SetAnswer.tsx';
import { listingVerdict } from './words.ts';
import './sets.css';

/** Answers of a method that shows several passages at once: what was shown, and what came of it. There is no matrix of pairs. */
export function SetAnswers({ run }: { readonly run: ComparingRun }) {
  // The log grows in place; the run is a new object with each batch.
  const answers = useMemo((): ShownAnswer[] => {
    const { compared, listed } = windowAnswers(run.log.from(0));
    return [...compared, ...listed];
  }, [run]);
  const { title, kind } = methodNamed(run.method);
  const verdict = listingVerdict(answers.filter((one) => 'malformed' in one));
  const does =
    kind === 'setwise'
      ? 'Each answer names the best of the passages shown, by the logits of their letters'
      : 'Each answer is text that puts the passages shown in order';
  return (
    <section className="set-answers" aria-label="Answers about several passages">
      <p className="muted">
        {title}: {counted(answers.length, 'answer')}. {does}. Passages are not compared pair by pair, so there
        is no matrix of decisions, and nothing shows how the judge would answer if they stood in another
        order.
      </p>
      {verdict.map((sentence) => (
        <p key={sentence} className="set-malformed">
          {sentence}
        </p>
      ))}
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
