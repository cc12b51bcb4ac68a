import { Segmented } from '../../ui/Segmented.tsx';
import type { View } from '../frame/lesson.ts';
import { fixed } from '../frame/numbers.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { nameOf, PASSAGES, QUERY } from '../model/example.ts';
import { LessonPrompts } from '../model/LessonPrompts.tsx';
import { PassageBox } from '../model/PassageBox.tsx';
import { QueryLine } from '../model/QueryLine.tsx';
import type { Answerer } from '../model/useAnswers.ts';
import { Logits } from './Logits.tsx';
import { type AskingState, answerWord, questionOf, saidInWords, saidTo } from './state.ts';

interface Props extends View<AskingState> {
  readonly answerer: Answerer;
}

/** One prompt and its answer; query and passage are the reader's to change. */
export function OnePassage({ state, start, set, answerer }: Props) {
  const { passages, passage, said: guess } = state;
  const question = questionOf(state, passage);
  const said = saidTo(state.answers, question);
  const before = saidTo(state.answers, questionOf(start, passage));
  const untouched = state.query === QUERY && passages[0] === PASSAGES[0] && passage === 0;
  return (
    <>
      <QueryLine state={state} start={start} set={set} />
      <Segmented
        label="Passage that is asked about"
        className="model-passages"
        value={String(passage)}
        options={passages.map((_, i) => ({ value: String(i), label: nameOf(i) }))}
        onChange={(chosen) => set({ passage: Number(chosen) })}
      />
      <PassageBox
        label={`Passage ${nameOf(passage)}`}
        text={passages[passage]!}
        original={start.passages[passage]!}
        rows={3}
        onChange={(text) => set({ passages: passages.map((one, i) => (i === passage ? text : one)) })}
      />
      <LessonPrompts
        slot="teacher"
        answerer={answerer}
        questions={[question]}
        titles={['The prompt, as the model reads it']}
        tokens
      />
      {guess === undefined ? (
        <Prediction
          question={
            passage === 0 && passages[0] === PASSAGES[0]
              ? 'p1 has words of the query, and does not answer it. What will the model say: is it relevant?'
              : `What will the model say of ${nameOf(passage)}: is it relevant?`
          }
          choices={[
            { value: 'Yes', label: 'Yes' },
            { value: 'No', label: 'No' },
          ]}
          onChoose={(value) => set({ said: value })}
        />
      ) : (
        <>
          {untouched && said && (
            <Revealed right={guess === '' ? undefined : guess === answerWord(said)}>
              It says {answerWord(said)}. “upright”, “moving” and “bike” are enough for this model. Change a
              word, or choose another passage.
            </Revealed>
          )}
          {said ? (
            <div className="asking-answer">
              <p className="visually-hidden" role="status">
                {nameOf(passage)}: {saidInWords(said)}
              </p>
              <Logits said={said} before={before} />
              <dl className="asking-readings">
                <div>
                  <dt>It says</dt>
                  <dd>
                    <strong>{answerWord(said)}</strong>
                  </dd>
                </div>
                <div>
                  <dt>p(Yes), of the two</dt>
                  <dd>{fixed(said.probability)}</dd>
                </div>
                <div>
                  <dt>Eq. 2</dt>
                  <dd>
                    {said.isYes
                      ? `1 + ${fixed(said.probability)} = `
                      : `1 − ${fixed(1 - said.probability)} = `}
                    {fixed(said.score)}
                  </dd>
                </div>
                <div>
                  <dt>Plain logit of Yes</dt>
                  <dd>{fixed(said.yes)}</dd>
                </div>
              </dl>
            </div>
          ) : (
            <p className="muted" role="status">
              {answerer.live ? 'Asking …' : 'This was not recorded: it is asked when the model has loaded.'}
            </p>
          )}
        </>
      )}
    </>
  );
}
