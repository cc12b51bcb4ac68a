// biome-ignore-all lint/a11y/useSemanticElements: a mark of a drawing cannot be a button element.
// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: nothing in these groups takes focus; the rule holds every g for focusable.
import { fixed } from '../frame/numbers.ts';
import { nameOf } from '../model/example.ts';
import { spread } from './spread.ts';
import type { Slope } from './state.ts';

interface Props {
  readonly slopes: readonly Slope[];
  readonly chosen: readonly number[];
  /** Absent: nothing can be chosen yet. */
  readonly onChoose: ((index: number) => void) | undefined;
}

const WIDTH = 560;
const TOP = 34;
const BOTTOM = 286;
const LEFT = 150;
const RIGHT = 410;
/** Names keep such a distance, wherever their dots are. */
const GAP = 30;
/** Ends of the axes, unless a logit lies beyond. */
const REACH = 2;

/** Logits of Yes under two wordings: a line for each chosen passage, from what was taught to the other. */
export function Slopes({ slopes, chosen, onChoose }: Props) {
  const all = slopes.flatMap(({ from, to }) => [from?.yes ?? 0, to?.yes ?? 0]);
  const reach = Math.max(REACH, ...all.map(Math.abs));
  const toY = (logit: number): number => TOP + ((reach - logit) / (2 * reach)) * (BOTTOM - TOP);
  const shown = slopes.filter(({ from }) => from);
  const lefts = spread(
    shown.map(({ from }) => toY(from!.yes)),
    GAP,
    TOP,
    BOTTOM,
  );
  const ends = slopes.filter(({ index, to }) => to && chosen.includes(index));
  const rights = spread(
    ends.map(({ to }) => toY(to!.yes)),
    GAP,
    TOP,
    BOTTOM,
  );
  return (
    <svg
      className="asking-slopes"
      viewBox={`0 0 ${WIDTH} 300`}
      role="group"
      aria-label="Logits of Yes under both wordings: choose two passages"
    >
      <g className="asking-axes" aria-hidden="true">
        <path d={`M${LEFT} ${TOP}V${BOTTOM}M${RIGHT} ${TOP}V${BOTTOM}`} />
        <path className="asking-zero" d={`M${LEFT - 8} ${toY(0)}H${RIGHT + 8}`} />
        <text x={RIGHT + 12} y={toY(0)} dy="0.35em">
          0
        </text>
        <text x={LEFT} y={14} textAnchor="middle">
          What it was taught
        </text>
        <text x={RIGHT} y={14} textAnchor="middle">
          Second wording
        </text>
      </g>
      {slopes.map(({ index, from, to }) =>
        from && to && chosen.includes(index) ? (
          <path
            key={index}
            className="asking-line"
            data-place={chosen.indexOf(index)}
            d={`M${LEFT} ${toY(from.yes)}L${RIGHT} ${toY(to.yes)}`}
          />
        ) : null,
      )}
      {ends.map(({ index, to }, i) => (
        <g key={index} className="asking-end" data-place={chosen.indexOf(index)} aria-hidden="true">
          <path d={`M${RIGHT} ${toY(to!.yes)}L${RIGHT + 22} ${rights[i]}`} />
          <circle cx={RIGHT} cy={toY(to!.yes)} r={4} />
          <text x={RIGHT + 28} y={rights[i]} dy="0.35em">
            <tspan>{nameOf(index)}</tspan> {fixed(to!.yes)}
          </text>
        </g>
      ))}
      {shown.map(({ index, from, to }, i) => {
        const name = nameOf(index);
        const picked = chosen.includes(index);
        const text = `logit of Yes ${fixed(from!.yes)}${picked && to ? `, with the second wording ${fixed(to.yes)}` : ''}`;
        return (
          <g key={index} className="asking-start" data-place={picked ? chosen.indexOf(index) : undefined}>
            <path d={`M${LEFT} ${toY(from!.yes)}L${LEFT - 22} ${lefts[i]}`} />
            <circle cx={LEFT} cy={toY(from!.yes)} r={4} />
            <g
              className="asking-choice"
              role="button"
              tabIndex={0}
              aria-label={`Choose ${name}`}
              aria-description={text}
              aria-pressed={picked}
              aria-disabled={!onChoose || undefined}
              onClick={() => onChoose?.(index)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                onChoose?.(index);
              }}
            >
              <rect x={LEFT - 118} y={lefts[i]! - 13} width={94} height={26} rx={13} />
              <text x={LEFT - 71} y={lefts[i]} dy="0.35em" textAnchor="middle">
                <tspan>{name}</tspan> {fixed(from!.yes)}
              </text>
            </g>
          </g>
        );
      })}
    </svg>
  );
}
