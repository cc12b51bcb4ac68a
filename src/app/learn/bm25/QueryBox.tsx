import { useId } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import type { View } from '../frame/lesson.ts';
import { PASSAGES, QUERY } from './example.ts';
import { type Bm25State, FREQUENT } from './state.ts';

/** The query, two to try, and the passages for whoever brings their own. */
export function QueryBox({ state, set }: Pick<View<Bm25State>, 'state' | 'set'>) {
  const id = useId();
  const lines = state.passages.join('\n');
  return (
    <div className="bm25-query">
      <label htmlFor={id}>Query</label>
      <input
        id={id}
        className="input"
        value={state.query}
        maxLength={1000}
        onChange={(event) => set({ query: event.target.value })}
      />
      {[QUERY, FREQUENT].map((query) => (
        <Button key={query} small aria-pressed={state.query === query} onClick={() => set({ query })}>
          {query}
        </Button>
      ))}
      <details className="bm25-passages">
        <summary>Edit the passages</summary>
        <Field
          label="Passages"
          hint="One per line, two to eight of them. What you type stays in this browser."
        >
          {(ids) => (
            <textarea
              {...ids}
              className="input"
              rows={6}
              // A text being typed has lines that are not passages yet: read when it is left.
              key={lines}
              defaultValue={lines}
              onBlur={(event) => {
                const passages = event.target.value
                  .split('\n')
                  .map((line) => line.trim())
                  .filter((line) => line !== '')
                  .slice(0, 8);
                if (passages.length >= 2 && passages.join('\n') !== lines) set({ passages, passage: 0 });
              }}
            />
          )}
        </Field>
        <Button small disabled={state.passages === PASSAGES} onClick={() => set({ passages: PASSAGES })}>
          The lesson’s own passages
        </Button>
      </details>
    </div>
  );
}
