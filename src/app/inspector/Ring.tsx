import type { DecisionMatrix } from '../../ranking/progress/decision-matrix.ts';
import { probabilityOfA, shortProbability } from './words.ts';

interface Props {
  /** Each beats the next, the last the first. */
  readonly ring: readonly [number, number, number];
  readonly matrix: DecisionMatrix;
  readonly idOf: (position: number) => string;
}

/** Corners of the triangle, from the top and to the right. */
const CORNERS = [
  { x: 150, y: 26 },
  { x: 250, y: 150 },
  { x: 50, y: 150 },
] as const;
const RADIUS = 20;

/** One circular triad: arrows go from winner to loser, with the winner's probability in either order. */
export function Ring({ ring, matrix, idOf }: Props) {
  const beats = ring.map((winner, i) => ({ winner, loser: ring[(i + 1) % 3]! }));
  const sure = ({ winner, loser }: (typeof beats)[number]): string => {
    const [first, second] = [matrix.at(winner, loser), matrix.at(loser, winner)];
    return [first && probabilityOfA(first), second && 1 - probabilityOfA(second)]
      .map((p) => (p === undefined ? '–' : shortProbability(p)))
      .join(', ');
  };
  const said = beats.map((pair) => `${idOf(pair.winner)} beats ${idOf(pair.loser)} (${sure(pair)})`);
  return (
    <figure className="ring">
      <figcaption>
        A ring: {said.join(', ')}. In brackets the winner’s probability, shown first and shown second.
      </figcaption>
      <svg viewBox="0 0 300 180" aria-hidden="true">
        <defs>
          <marker
            id="ring-head"
            viewBox="0 0 10 10"
            refX="9"
            refY="5"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0L10 5L0 10z" />
          </marker>
        </defs>
        {beats.map((pair, i) => {
          const [from, to] = [CORNERS[i]!, CORNERS[(i + 1) % 3]!];
          const length = Math.hypot(to.x - from.x, to.y - from.y);
          const [dx, dy] = [
            ((to.x - from.x) / length) * (RADIUS + 3),
            ((to.y - from.y) / length) * (RADIUS + 3),
          ];
          return (
            <g key={pair.winner}>
              <path
                className="ring-arrow"
                d={`M${from.x + dx} ${from.y + dy}L${to.x - dx} ${to.y - dy}`}
                markerEnd="url(#ring-head)"
              />
              <text
                x={(from.x + to.x) / 2 + [34, 0, -34][i]!}
                y={(from.y + to.y) / 2 + [0, 18, 0][i]!}
                textAnchor="middle"
              >
                {sure(pair)}
              </text>
            </g>
          );
        })}
        {ring.map((position, i) => (
          <g key={position}>
            <circle cx={CORNERS[i]!.x} cy={CORNERS[i]!.y} r={RADIUS} />
            <text className="ring-id" x={CORNERS[i]!.x} y={CORNERS[i]!.y} dy="0.35em" textAnchor="middle">
              {idOf(position).slice(0, 6)}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}
