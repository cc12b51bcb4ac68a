import { useId } from 'react';
import { Button } from '../../ui/Button.tsx';
import { PASSAGES, QUERY } from './example.ts';
import { LONGEST, type Texts } from './own-passages.ts';

interface Props {
  readonly state: Texts;
  readonly start: Texts;
  readonly set: (change: Partial<Texts>) => void;
}

/** The query, to be changed, and the way back to it and to the lesson's own texts. */
export function QueryLine({ state, start, set }: Props) {
  const id = useId();
  const own = start.query === QUERY && start.passages === PASSAGES;
  return (
    <div className="model-query">
      <label htmlFor={id}>Query</label>
      <input
        id={id}
        className="input"
        dir="auto"
        value={state.query}
        maxLength={LONGEST}
        onChange={(event) => set({ query: event.target.value })}
      />
      {state.query !== start.query && (
        <Button small kind="link" onClick={() => set({ query: start.query })}>
          As it was<span className="visually-hidden"> (query)</span>
        </Button>
      )}
      {!own && (
        <Button small onClick={() => set({ query: QUERY, passages: PASSAGES })}>
          The lesson’s own texts
        </Button>
      )}
    </div>
  );
}
