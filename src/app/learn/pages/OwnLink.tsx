import { useState } from 'react';
import { playground } from '../../../state/playground.ts';
import { LONGEST_LINK } from '../../../state/recording/link.ts';
import { candidatesOf, columnOf, useRun } from '../../../state/run/run.ts';
import { CopyButton } from '../../playground/CopyButton.tsx';
import { Button } from '../../ui/Button.tsx';
import { Field } from '../../ui/Field.tsx';
import { formatNumber } from '../../ui/numbers.ts';
import { lessonHash, lessons } from '../lessons.ts';

interface Draft {
  readonly lesson: string;
  readonly query: string;
  readonly passages: string;
}

/** Lessons take so many passages of one's own. */
const FEWEST = 2;
const MOST = 8;
const LESSONS = lessons.filter(({ ownTexts }) => ownTexts);

/** What was typed is there again on the way back from a lesson. */
let kept: Draft = { lesson: LESSONS[0]!.id, query: '', passages: '' };

/** A link that opens a lesson with a query and passages that are typed here. */
export function OwnLink() {
  const [draft, setDraft] = useState(kept);
  const ranked = useRun((state) => candidatesOf(columnOf(state, 'bm25')).length > 0);
  const change = (part: Partial<Draft>): void => {
    kept = { ...draft, ...part };
    setDraft(kept);
  };
  const passages = draft.passages.split('\n').flatMap((line) => line.trim() || []);
  const params = new URLSearchParams({ q: draft.query.trim() });
  for (const passage of passages) params.append('p', passage);
  const hash = lessonHash(draft.lesson, params);
  const problem = problemOf(draft.query, passages, hash);
  return (
    <div className="own-link">
      <Field label="Lesson">
        {(ids) => (
          <select
            {...ids}
            className="input"
            value={draft.lesson}
            onChange={(event) => change({ lesson: event.target.value })}
          >
            {LESSONS.map(({ id, title }) => (
              <option key={id} value={id}>
                {lessons.findIndex((lesson) => lesson.id === id) + 1}. {title}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Query">
        {(ids) => (
          <input
            {...ids}
            className="input"
            value={draft.query}
            maxLength={1000}
            onChange={(event) => change({ query: event.target.value })}
          />
        )}
      </Field>
      <Field label="Passages" hint={`One per line, ${FEWEST} to ${MOST} of them.`}>
        {(ids) => (
          <textarea
            {...ids}
            className="input"
            rows={5}
            value={draft.passages}
            onChange={(event) => change({ passages: event.target.value })}
          />
        )}
      </Field>
      {ranked && (
        <p>
          <Button
            small
            onClick={() => {
              const { query, candidates } = playground.shared();
              const lines = candidates.slice(0, MOST).map(({ passage }) => passage.text.replace(/\s+/g, ' '));
              change({ query: query.text, passages: lines.join('\n') });
            }}
          >
            Take the Playground’s query and first passages
          </Button>
        </p>
      )}
      <p className="own-link-end" role="status">
        {problem ?? (
          <>
            <a href={hash}>Open the lesson with these</a>{' '}
            <CopyButton
              name="Copy link to the lesson"
              text={new URL(hash, location.href).href}
              failed="The browser did not allow copying. Open the lesson and copy its address."
            >
              Link
            </CopyButton>
          </>
        )}
      </p>
    </div>
  );
}

/** Why there is no link yet. */
function problemOf(query: string, passages: readonly string[], hash: string): string | undefined {
  if (query.trim() === '') return 'A link needs a query.';
  if (passages.length < FEWEST || passages.length > MOST) {
    return `There are ${passages.length} passages; a lesson takes ${FEWEST} to ${MOST}.`;
  }
  if (hash.length > LONGEST_LINK) {
    return `The link would have ${formatNumber(hash.length)} characters, more than programs pass on. Shorten the passages.`;
  }
  return undefined;
}
