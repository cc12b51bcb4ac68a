import { counted, formatNumber } from '../../ui/numbers.ts';
import type { View } from '../frame/lesson.ts';
import { fixed } from '../frame/numbers.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { nameOf } from '../model/example.ts';
import { LessonPrompts } from '../model/LessonPrompts.tsx';
import { QueryLine } from '../model/QueryLine.tsx';
import type { Answerer } from '../model/useAnswers.ts';
import { type AskingState, BLIND, likelihoodQuestion, likelyOf, VOCABULARY } from './state.ts';

interface Props extends View<AskingState> {
  readonly answerer: Answerer;
}

/** The other way to ask: the query's probability after each passage, and what blind guessing would bring. */
export function Likelihoods({ state, start, set, answerer }: Props) {
  const { passages, likeliest: guess } = state;
  const likely = likelyOf(state);
  const whole = likely.length === passages.length;
  const [best, worst] = [likely[0], likely.at(-1)];
  return (
    <>
      <QueryLine state={state} start={start} set={set} />
      <LessonPrompts
        slot="teacher"
        answerer={answerer}
        questions={[likelihoodQuestion(state, 0)]}
        titles={['The prompt for p1']}
      />
      <p>
        After it the model is not free to write: it is led through “{state.query}” token by token, and asked
        each time how likely it would have written just this.
      </p>
      {guess === undefined ? (
        <Prediction
          question="After which passage will the model find the query likeliest?"
          choices={passages.map((_, i) => ({ value: String(i), label: nameOf(i) }))}
          onChoose={(value) => set({ likeliest: value })}
        />
      ) : !whole || !best || !worst ? (
        <p className="muted" role="status">
          {answerer.live
            ? 'Asking the model …'
            : 'This was not recorded: it is asked when the model has loaded.'}
        </p>
      ) : (
        <>
          <Revealed right={guess === '' ? undefined : guess === String(best.index)}>
            It is {nameOf(best.index)}, and the last is only {fixed(best.mean - worst.mean)} behind. Blind
            guessing among the model’s {formatNumber(VOCABULARY)} tokens would bring {fixed(BLIND)}
            {best.mean < BLIND && '; this model does worse, for it has never learned to write'}.
          </Revealed>
          <ol className="asking-likely" aria-label="Ranking by query likelihood">
            {likely.map(({ index, mean }) => (
              <li key={index}>
                <strong>{nameOf(index)}</strong>
                <span className="asking-likely-bar" aria-hidden="true">
                  <span style={{ width: `${Math.min(100, (100 * mean) / (2 * BLIND))}%` }} />
                  <i style={{ insetInlineStart: '50%' }} />
                </span>
                <span>{fixed(mean)}</span>
              </li>
            ))}
          </ol>
          <p className="muted">
            Each is the mean of log p over the {counted(best.tokens, 'token')} of the query; the mark is blind
            guessing, and shorter is better. With a model that has learned to write, such as FLAN-T5, this
            becomes a ranking worth having: Models fetches one, and the Student column can score like this.
          </p>
        </>
      )}
    </>
  );
}
