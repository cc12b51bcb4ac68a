import { useState } from 'react';
import { useQuery } from '../../../state/corpus/query.ts';
import { playground } from '../../../state/playground.ts';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';

/** Suggestions shown at first: the rail has other things to show. */
const few = 3;

/** The question, with the sample's own questions as buttons beside it. Enter ranks. */
export function QueryField() {
  const text = useQuery((s) => s.text);
  const setText = useQuery((s) => s.setText);
  const choose = useQuery((s) => s.choose);
  const kept = useQuery((s) => s.kept);
  const suggestions = useQuery((s) => s.suggestions);
  const [all, setAll] = useState(false);
  const shown = all ? suggestions : suggestions.slice(0, few);
  return (
    <div className="query">
      <Field label="Query" hint={kept ? 'Your own question was kept.' : undefined}>
        {(ids) => (
          <textarea
            {...ids}
            className="input query-box"
            id={ids.id}
            rows={2}
            value={text}
            dir="auto"
            placeholder="What do you want to know?"
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              const plain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
              if (event.key !== 'Enter' || !plain || event.nativeEvent.isComposing) return;
              event.preventDefault();
              playground.rank();
            }}
          />
        )}
      </Field>
      {suggestions.length > 0 && (
        <fieldset className="suggestions">
          <legend className="visually-hidden">Questions of this sample</legend>
          {shown.map((suggestion) => (
            <button
              key={suggestion.id}
              type="button"
              className="suggestion"
              aria-pressed={suggestion.text === text}
              title={suggestion.text}
              onClick={() => choose(suggestion.text)}
            >
              {suggestion.text}
            </button>
          ))}
          {suggestions.length > few && (
            <Button kind="link" aria-expanded={all} className="suggestions-more" onClick={() => setAll(!all)}>
              {all ? 'Fewer' : `${suggestions.length - few} more`}
            </Button>
          )}
        </fieldset>
      )}
    </div>
  );
}
