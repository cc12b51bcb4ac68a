import type { Decision } from '../../../ranking/types.ts';
import { probabilityOfA, shortProbability } from '../words.ts';
import { plainFigure } from './figures.ts';

interface Props {
  readonly decision: Decision;
  readonly idOf: (position: number) => string;
  /** Without what it cost. */
  readonly brief?: boolean;
}

/** The numbers of one ordered call. */
export function OrderFacts({ decision, idOf, brief = false }: Props) {
  const { a, b, logitA, logitB, preference, tokens, ms, cached } = decision;
  const p = probabilityOfA(decision);
  return (
    <section className="decision-order" aria-label={`${idOf(a)} as A, ${idOf(b)} as B`}>
      <h3>
        <span className="mono">{idOf(a)}</span> as A, <span className="mono">{idOf(b)}</span> as B
      </h3>
      <dl>
        <div>
          <dt>Preference (Eq. 4)</dt>
          <dd>
            {preference === 0.5 ? '½, equal' : preference === 1 ? `1, A: ${idOf(a)}` : `0, B: ${idOf(b)}`}
          </dd>
        </div>
        <div>
          <dt>P(A), P(B)</dt>
          <dd>
            {shortProbability(p)}, {shortProbability(1 - p)}
          </dd>
        </div>
        <div>
          <dt>Logits of A, B</dt>
          <dd>
            {plainFigure(logitA, 3)}, {plainFigure(logitB, 3)}
          </dd>
        </div>
        {!brief && (
          <>
            <div>
              <dt>Tokens</dt>
              <dd>{tokens}</dd>
            </div>
            <div>
              <dt>Time</dt>
              <dd>
                {ms.toFixed(1)} ms{' '}
                <span className="muted">
                  {cached ? 'when it was asked; now from the cache' : 'its share of a batch'}
                </span>
              </dd>
            </div>
          </>
        )}
      </dl>
    </section>
  );
}
