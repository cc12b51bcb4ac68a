import type { View } from '../frame/lesson.ts';
import { fixed } from '../frame/numbers.ts';
import { Prediction, Revealed } from '../frame/Prediction.tsx';
import { Curves } from './Curves.tsx';
import { PASSAGES, QUERY } from './example.ts';
import { QueryBox } from './QueryBox.tsx';
import { RankedPassages } from './RankedPassages.tsx';
import { asked, type Bm25State, explained, FREQUENT, letterOf } from './state.ts';

export function Figure({ state, set }: View<Bm25State>) {
  const explanation = explained(state);
  const waiting = asked(state);
  const before = explained({ ...state, query: QUERY });
  const best = (of: typeof explanation) => Math.max(...of.passages.map(({ score }) => score));
  return (
    <>
      <QueryBox state={state} set={set} />
      {waiting === 'first' && (
        <Prediction
          question={`Which passage will BM25 put first for “${state.query}”?`}
          choices={state.passages.map((_, i) => ({ value: String(i), label: letterOf(i) }))}
          onChoose={(first) => set({ first })}
        />
      )}
      {waiting === 'frequent' && (
        <Prediction
          question={`“${QUERY}” brought the best passage ${fixed(best(before))}. And “${FREQUENT}”, words that all passages have?`}
          choices={[
            { value: 'more', label: 'More' },
            { value: 'same', label: 'About as much' },
            { value: 'less', label: 'Less than half' },
          ]}
          onChoose={(frequent) => set({ frequent })}
        />
      )}
      {!waiting && <Outcome state={state} best={best(explanation)} winner={explanation.order[0]!} />}
      <RankedPassages state={state} explanation={explanation} veiled={waiting !== undefined} set={set} />
      <Curves state={state} explanation={explanation} veiled={waiting !== undefined} set={set} />
    </>
  );
}

/** What became of the guess, while the figure still shows what it was about. */
function Outcome({
  state,
  best,
  winner,
}: {
  readonly state: Bm25State;
  readonly best: number;
  readonly winner: number;
}) {
  if (state.query.trim().toLowerCase() === FREQUENT && state.passages === PASSAGES) {
    return (
      <Revealed right={state.frequent === '' ? undefined : state.frequent === 'less'}>
        The best is {fixed(best)}. All passages have these words, so they tell nothing apart: their idf is
        close to 0, and what is left of the order is the lengths.
      </Revealed>
    );
  }
  if (state.query !== QUERY || state.passages !== PASSAGES) return null;
  return (
    <Revealed right={state.first === '' ? undefined : state.first === String(winner)}>
      {letterOf(winner)} is first with {fixed(best)}. Choose a passage to see its sum.
    </Revealed>
  );
}
