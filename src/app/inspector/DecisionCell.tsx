// biome-ignore-all lint/a11y/useSemanticElements: see DecisionGrid.tsx.
import { type CSSProperties, memo } from 'react';
import type { Decision } from '../../ranking/types.ts';
import { decisionInWords, disagree, probabilityOfA, shortProbability } from './words.ts';

interface Props {
  /** Ids of the passage asked as A and the one asked as B. */
  readonly a: string;
  readonly b: string;
  readonly decision: Decision | undefined;
  /** The other order's. */
  readonly other: Decision | undefined;
  readonly row: number;
  readonly column: number;
  /** Pixels. */
  readonly left: number;
  /** Has room for its probability. */
  readonly large: boolean;
  /** Its colour and marks are in the picture below, and the grid gives it a title when it is hovered. */
  readonly painted: boolean;
  /** The grid's one Tab stop. */
  readonly stop: boolean;
  /** Among the cells that a fact points at. */
  readonly pointed: boolean;
}

/** One ordered call. Drawn anew only when something of it changes: a thousand of them are on the screen. */
export const DecisionCell = memo(function DecisionCell(props: Props) {
  const { a, b, decision, other, row, column, left, large, painted, stop, pointed } = props;
  const words = decisionInWords(a, b, decision, other);
  const p = decision && probabilityOfA(decision);
  return (
    <span
      role="gridcell"
      aria-colindex={column + 2}
      aria-label={words}
      title={painted ? undefined : words}
      className="decision"
      style={(painted ? { left } : { left, '--p': p }) as CSSProperties}
      tabIndex={stop ? 0 : -1}
      data-row={row}
      data-column={column}
      data-a={a}
      data-b={b}
      data-preference={decision?.preference}
      data-shade={p === undefined || painted ? undefined : shadeOf(p)}
      data-contradictory={disagree(decision, other) ? 'true' : undefined}
      data-pointed={pointed || undefined}
    >
      {p !== undefined && large && <span aria-hidden="true">{shortProbability(p)}</span>}
    </span>
  );
});

/** The diagonal: nothing is asked there, but focus passes over it. */
export const OwnCell = memo(function OwnCell({
  id,
  place,
  left,
  stop,
}: {
  readonly id: string;
  readonly place: number;
  readonly left: number;
  readonly stop: boolean;
}) {
  return (
    <span
      role="gridcell"
      aria-colindex={place + 2}
      aria-label={`${id} is not compared with itself`}
      className="decision decision-self"
      style={{ left }}
      tabIndex={stop ? 0 : -1}
      data-row={place}
      data-column={place}
    />
  );
});

/** Which ink is read on a cell's colour with a contrast of 4.5, in both themes (grid.css): measured, not guessed. */
const shadeOf = (p: number): string => (p < 0.69 ? 'low' : p < 0.85 ? 'middle' : 'high');
