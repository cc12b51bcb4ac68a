import { useRef } from 'react';
import { markTerms } from '../../../retrieval/query.ts';
import { useFlip } from '../../playground/column/useFlip.ts';
import { MarkedText } from '../../playground/MarkedText.tsx';
import type { View } from '../frame/lesson.ts';
import { fixed } from '../frame/numbers.ts';
import { type Explanation, LESSON_PARAMS } from './model.ts';
import { type Bm25State, letterOf } from './state.ts';

interface Props extends Pick<View<Bm25State>, 'state' | 'set'> {
  readonly explanation: Explanation;
  /** Scores are hidden, and passages stand as they were given. */
  readonly veiled: boolean;
}

/** The passages, best first: each score is the bars of its words, laid end to end. */
export function RankedPassages({ state, explanation, veiled, set }: Props) {
  const { passages, terms, order } = explanation;
  const list = useRef<HTMLOListElement>(null);
  const shown = veiled ? passages.map(({ index }) => index) : order;
  useFlip(list, shown.join());
  const most = Math.max(1e-9, ...passages.map(({ score }) => score));
  return (
    <ol ref={list} className="bm25-list" aria-label={veiled ? 'Passages' : 'Ranking'}>
      {shown.map((index) => {
        const text = state.passages[index]!;
        const { score, parts } = passages[index]!;
        const spans = markTerms(
          text,
          terms.map(({ term }) => term),
          LESSON_PARAMS,
        );
        return (
          <li key={index} className="bm25-row" data-picked={!veiled && index === state.passage}>
            <button
              type="button"
              aria-pressed={index === state.passage}
              onClick={() => set({ passage: index })}
            >
              <span className="bm25-letter">{letterOf(index)}</span>
              <span className="bm25-text" title={text}>
                <MarkedText text={text} spans={veiled ? [] : spans} />
              </span>
              {!veiled && (
                <>
                  <span className="bm25-score">{fixed(score)}</span>
                  <span className="bm25-bar" aria-hidden="true">
                    {parts.map(({ term, contribution }) => (
                      <span
                        key={term}
                        data-term={terms.findIndex((t) => t.term === term) % 3}
                        style={{ width: `${(100 * contribution) / most}%` }}
                      />
                    ))}
                  </span>
                  <span className="bm25-sum">
                    {parts.length === 0
                      ? 'no word of the query'
                      : parts.map(({ term, contribution }, i) => (
                          <span key={term}>
                            {i > 0 && ' + '}
                            {terms.find((t) => t.term === term)?.word} {fixed(contribution)}
                          </span>
                        ))}
                  </span>
                </>
              )}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
