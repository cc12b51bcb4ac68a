import { follow } from '../../../state/inspector/followed.ts';
import type { Passage } from '../../../types.ts';
import { Button } from '../../ui/Button.tsx';

/** So many characters stand there at once; the rest is behind "whole passage". */
const SHORT = 420;

/** Titles and texts of the passages that a decision is about. */
export function PairPassages({ passages }: { readonly passages: readonly Passage[] }) {
  return (
    <div className="decision-passages">
      {passages.map((passage) => (
        <section key={passage.id} aria-label={`Passage ${passage.id}`}>
          <h3 dir="auto">
            <span className="mono">{passage.id}</span> {passage.title}
          </h3>
          <Button kind="link" small onClick={() => follow(passage.id)}>
            Why here?<span className="visually-hidden"> {passage.id}</span>
          </Button>
          {passage.text.length <= SHORT ? (
            <p dir="auto">{passage.text}</p>
          ) : (
            <details>
              <summary dir="auto">{passage.text.slice(0, SHORT).replace(/\S*$/u, '')}… whole passage</summary>
              <p dir="auto">{passage.text}</p>
            </details>
          )}
        </section>
      ))}
    </div>
  );
}
