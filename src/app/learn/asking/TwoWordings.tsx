import { Field } from '../../ui/Field.tsx';
import type { View } from '../frame/lesson.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { LONGEST } from '../model/own-passages.ts';
import type { Answerer } from '../model/useAnswers.ts';
import { Slopes } from './Slopes.tsx';
import { type AskingState, choose, chosenTwo, secondText, slopesOf } from './state.ts';
import { problemsOf, TAUGHT, WORDINGS, type WordingName } from './wordings.ts';

interface Props extends View<AskingState> {
  readonly answerer: Answerer;
}

/** The same passages under two wordings: the reader chooses two, and sees whether their order holds. */
export function TwoWordings({ state, set, answerer }: Props) {
  const { left: guess, wording, chosen } = state;
  const veiled = guess === undefined;
  const slopes = slopesOf(state);
  const asked = slopes.filter(({ from }) => from);
  const before = asked.filter(({ from }) => from?.isYes).length;
  const known = slopes.filter(({ to }) => to);
  const after = known.filter(({ to }) => to?.isYes).length;
  const problems = problemsOf(secondText(state));
  return (
    <>
      <p>Query: “{state.query}”. Each passage is asked about twice, in two wordings of the same question.</p>
      <div className="asking-wordings">
        <div>
          <p className="field-label">What the model was taught</p>
          <p className="asking-wording mono">{inOneLine(TAUGHT.text)}</p>
        </div>
        <div>
          <Field label="Second wording" error={problems.join(' ') || undefined}>
            {(field) => (
              <select
                {...field}
                className="input"
                value={wording}
                onChange={(event) => {
                  const next = event.target.value as WordingName;
                  // One's own begins with what was there.
                  set(next === 'own' ? { wording: next, own: secondText(state) } : { wording: next });
                }}
              >
                {WORDINGS.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
                <option value="own">Your own</option>
              </select>
            )}
          </Field>
          {wording === 'own' ? (
            <textarea
              className="input mono asking-own"
              aria-label="Your own wording"
              aria-invalid={problems.length > 0 || undefined}
              rows={3}
              spellCheck={false}
              maxLength={LONGEST}
              value={state.own}
              onChange={(event) => set({ own: event.target.value })}
            />
          ) : (
            <p className="asking-wording mono">{inOneLine(secondText(state))}</p>
          )}
        </div>
      </div>
      {veiled ? (
        asked.length > 0 && (
          <Prediction
            question={`Asked what it was taught, the model says Yes to ${before} of ${asked.length} passages. To how many when it is asked in the second wording?`}
            choices={[
              { value: 'fewer', label: 'Fewer' },
              { value: 'same', label: `${before}, too` },
              { value: 'more', label: 'More' },
            ]}
            onChoose={(left) => set({ left })}
          />
        )
      ) : (
        <>
          {known.length === slopes.length && chosen.length === 0 && (
            <Revealed
              right={guess === '' || wording !== 'paper' ? undefined : guess === sizeOf(after, before)}
            >
              It says Yes to {after === 0 ? 'none' : after} now. {aside(wording)}
            </Revealed>
          )}
          {chosen.length > 0 && <p role="status">{chosenTwo(state).words}</p>}
          {known.length < slopes.length && problems.length === 0 && (
            <p className="muted" role="status">
              {answerer.live
                ? 'Asking …'
                : 'This wording was not recorded: it is asked when the model has loaded.'}
            </p>
          )}
        </>
      )}
      <Slopes
        slopes={slopes}
        chosen={veiled ? [] : chosen}
        onChoose={veiled ? undefined : (index) => set({ chosen: choose(chosen, index) })}
      />
    </>
  );
}

const sizeOf = (after: number, before: number): string =>
  after < before ? 'fewer' : after > before ? 'more' : 'same';

/** Line ends, which are part of a wording, as marks. */
const inOneLine = (text: string): string => text.replaceAll(/\n+/g, ' ¶ ');

/** What is to be seen with a wording, before the reader has chosen passages. */
function aside(wording: WordingName): string {
  if (wording === 'opposite') {
    return 'A large model would take the “not” and turn round. This one was taught one question, and hears it in any that looks like it.';
  }
  return 'Nothing has changed but the question. Do the passages keep their order? Choose two.';
}
