// biome-ignore-all lint/a11y/useSemanticElements: a node of a drawing cannot be a button element.
import { pairVerdict } from '../../../ranking/analysis.ts';
import { IDS, N, pairsOf, type TournamentState, verdictInWords } from './state.ts';

interface Props {
  readonly state: TournamentState;
  readonly onChoose: (index: number) => void;
}

const SIZE = 300;
const RADIUS = 112;
const NODE = 19;
const placeOf = (i: number) => ({
  x: SIZE / 2 + RADIUS * Math.sin((2 * Math.PI * i) / N),
  y: SIZE / 2 - RADIUS * Math.cos((2 * Math.PI * i) / N),
});

/** Passages in a circle, an arrow from each winner to its loser; a dashed line where the two orders contradict. */
export function TournamentDrawing({ state, onChoose }: Props) {
  const { chosen } = state;
  const { table } = pairsOf(state);
  const lines = IDS.flatMap((_, i) =>
    IDS.slice(i + 1).map((_, k) => {
      const j = i + 1 + k;
      const verdict = pairVerdict(table, i, j);
      const [from, to] = verdict.kind === 'strict' ? [verdict.winner, verdict.loser] : [i, j];
      const strong = chosen.includes(i) && chosen.includes(j);
      return { key: `${i} ${j}`, from: placeOf(from), to: placeOf(to), kind: verdict.kind, strong };
    }),
  );
  return (
    <svg
      className="tournament-circle"
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="group"
      aria-label="Who beats whom: choose three passages"
    >
      {lines.map(({ key, from, to, kind, strong }) => (
        <g key={key} className="tournament-line" data-kind={kind} data-strong={strong}>
          <path d={`M${from.x} ${from.y}L${to.x} ${to.y}`} />
          {kind === 'strict' && <path className="tournament-head" d={headOf(from, to)} />}
        </g>
      ))}
      {IDS.map((id, i) => {
        const { x, y } = placeOf(i);
        const others = IDS.map((_, j) => j).filter((j) => j !== i);
        return (
          <g
            key={id}
            className="tournament-node"
            role="button"
            tabIndex={0}
            aria-pressed={chosen.includes(i)}
            aria-label={`Choose ${id}`}
            aria-description={others.map((j) => verdictInWords(state, i, j)).join('; ')}
            transform={`translate(${x} ${y})`}
            onClick={() => onChoose(i)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              onChoose(i);
            }}
          >
            <circle r={NODE} />
            <text dy="0.35em" textAnchor="middle">
              {id}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow's head at the edge of the loser's circle. */
function headOf(from: Point, to: Point): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const tip = { x: to.x - dx * (NODE + 1), y: to.y - dy * (NODE + 1) };
  const back = { x: tip.x - dx * 11, y: tip.y - dy * 11 };
  return `M${tip.x} ${tip.y}L${back.x - dy * 5} ${back.y + dx * 5}L${back.x + dy * 5} ${back.y - dx * 5}Z`;
}
