import { useMemo } from 'react';
import { DecisionMatrix } from '../../../ranking/progress/decision-matrix.ts';
import { DecisionGrid } from '../../inspector/DecisionGrid.tsx';
import { OrderFacts } from '../../inspector/decision/OrderFacts.tsx';
import { Button } from '../../ui/Button.tsx';
import { Segmented } from '../../ui/Segmented.tsx';
import type { View } from '../frame/lesson.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { nameOf } from '../model/example.ts';
import { LessonPrompts } from '../model/LessonPrompts.tsx';
import { ModelNote } from '../model/ModelNote.tsx';
import { PassageBox } from '../model/PassageBox.tsx';
import { QueryLine } from '../model/QueryLine.tsx';
import { useAnswers } from '../model/useAnswers.ts';
import {
  type ComparingState,
  decisionOf,
  decisionsOf,
  firstPlace,
  questionOf,
  verdictOf,
  visit,
  wantedOf,
} from './state.ts';

const NO_ENDS: readonly number[] = [];

/** Two passages before the judge, in both orders, and the table of what was asked. */
export function Figure({ state, start, set, note }: View<ComparingState>) {
  const { a, b, passages, swapped } = state;
  const answerer = useAnswers(
    'teacher',
    wantedOf(state),
    state.answers,
    (answers) => note({ answers }),
    'lesson-comparing',
  );
  const veiled = swapped === undefined;
  const one = decisionOf(state, a, b);
  const other = decisionOf(state, b, a);
  const verdict = verdictOf(state);
  const decisions = decisionsOf(state);
  const written = decisions.map((decision) => Object.values(decision).join(' ')).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the decisions, written out, say when they have changed.
  const matrix = useMemo(() => {
    const made = new DecisionMatrix(passages.length);
    made.put(decisions);
    return made;
  }, [written, passages.length]);
  const ids = passages.map((_, i) => nameOf(i));
  const orders = a === b ? [[a, b] as const] : [[a, b] as const, [b, a] as const];
  // Read before the first answer; after that the answers are what changes.
  const prompts = (
    <LessonPrompts
      slot="teacher"
      answerer={answerer}
      questions={orders.map(([i, j]) => questionOf(state, i, j))}
      titles={orders.map(([i]) => `The prompt with ${nameOf(i)} as A`)}
      folded={!veiled}
    />
  );
  return (
    <>
      <div className="model-head">
        <ModelNote slot="teacher" answerer={answerer} />
      </div>
      <QueryLine state={state} start={start} set={set} />
      <div className="comparing-two">
        {(['a', 'b'] as const).map((place) => (
          <div key={place} className="comparing-side" data-place={place}>
            <div className="comparing-choice">
              <strong aria-hidden="true">{place.toUpperCase()}</strong>
              <Segmented
                label={`Passage shown as ${place.toUpperCase()}`}
                value={String(state[place])}
                options={ids.map((id, i) => ({ value: String(i), label: id }))}
                onChange={(chosen) => {
                  const at = Number(chosen);
                  set(place === 'a' ? visit(state, at, b) : visit(state, a, at));
                }}
              />
            </div>
            {place === 'b' && a === b ? (
              <p className="muted">The same passage as A.</p>
            ) : (
              <PassageBox
                label={`Text of ${nameOf(state[place])}`}
                text={passages[state[place]]!}
                original={start.passages[state[place]]!}
                rows={4}
                onChange={(text) =>
                  set({ passages: passages.map((was, i) => (i === state[place] ? text : was)) })
                }
              />
            )}
          </div>
        ))}
      </div>
      {veiled && prompts}
      <div className="comparing-outcome">
        <div className="comparing-answers" data-veiled={veiled || undefined}>
          {veiled ? (
            one && (
              <Prediction
                question={`${nameOf(a)} is A, ${nameOf(b)} is B, and the judge says ${one.preference === 1 ? 'A' : 'B'}. What will it say when they change places?`}
                choices={[
                  { value: '1', label: 'A' },
                  { value: '0', label: 'B' },
                ]}
                onChoose={(guess) => set({ ...visit(state, a, b), swapped: guess })}
              />
            )
          ) : swapped !== '' && other && state.visited.length === 1 ? (
            <Revealed right={swapped === String(other.preference)}>
              {verdict.words} Not all pairs are like that: choose others.
            </Revealed>
          ) : (
            <p className="comparing-verdict" role="status">
              {verdict.words}
            </p>
          )}
          <div className="comparing-orders">
            {one ? (
              <OrderFacts decision={one} idOf={nameOf} brief />
            ) : (
              <p className="muted" role="status">
                {answerer.live ? 'Asking …' : 'This was not recorded: it is asked when the model has loaded.'}
              </p>
            )}
            {!veiled && a !== b && other && <OrderFacts decision={other} idOf={nameOf} brief />}
          </div>
          {!veiled && (
            <p className="comparing-count">
              <strong>{firstPlace(decisions)}.</strong> In the table: row as A, column as B, and the chance of
              A. A notch marks a contradiction.{' '}
              <Button small disabled={a === b} onClick={() => set(visit(state, b, a))}>
                Change places
              </Button>
            </p>
          )}
        </div>
        {!veiled && (
          <DecisionGrid
            matrix={matrix}
            version={matrix.version}
            order={ids.map((_, i) => i)}
            ids={ids}
            pointed={null}
            ends={NO_ENDS}
            onPress={(cell) => set(visit(state, cell.a, cell.b))}
          />
        )}
      </div>
      {!veiled && prompts}
    </>
  );
}
