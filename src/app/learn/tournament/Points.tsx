import { useRef } from 'react';
import type { Ranking } from '../../../ranking/orders.ts';
import { useFlip } from '../../playground/column/useFlip.ts';
import { IDS, N, pointsOf, type TournamentState } from './state.ts';

/** The ranking by points: each bar is the games won as A, and then those won as B. */
export function Points({ state, ranking }: { readonly state: TournamentState; readonly ranking: Ranking }) {
  const { order, scores } = ranking;
  const list = useRef<HTMLOListElement>(null);
  useFlip(list, order.join());
  return (
    <ol ref={list} className="tournament-points" aria-label="Ranking">
      {order.map((index, place) => {
        const [asA, asB] = pointsOf(state, index);
        const tied = scores.filter((score) => score === scores[place]).length > 1;
        return (
          <li key={index}>
            <strong>{IDS[index]}</strong>
            <span className="tournament-bar" aria-hidden="true">
              <span data-factor="tf" style={{ width: `${(100 * asA) / (2 * (N - 1))}%` }} />
              <span data-factor="length" style={{ width: `${(100 * asB) / (2 * (N - 1))}%` }} />
            </span>
            <span>
              <strong>{scores[place]}</strong> = <span className="factor-tf">{asA} as A</span> +{' '}
              <span className="factor-length">{asB} as B</span>
              {tied && ' (tie)'}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
