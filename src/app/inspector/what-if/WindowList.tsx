import type { StepPair } from '../../../analysis/steps.ts';
import type { ScheduleView } from '../../../ranking/schedules/schedule.ts';

interface Props {
  readonly view: Extract<ScheduleView, { kind: 'window' }>;
  readonly pairs: readonly StepPair[];
  readonly ids: readonly string[];
}

/** The list with each pass's window where it stands: they run behind one another. */
export function WindowList({ view: { list, passes }, pairs, ids }: Props) {
  const winners = new Set(pairs.map(({ winner }) => winner));
  const passAt = new Map<number, number>();
  const compared = new Set(pairs.flatMap(({ one, other }) => [one, other]));
  passes.forEach((lower, pass) => {
    if (lower <= pass || !compared.has(list[lower]!)) return;
    passAt.set(lower, pass);
    passAt.set(lower - 1, pass);
  });
  return (
    <ol className="what-if-window" aria-label="The list, best first">
      {list.map((index, place) => {
        const pass = passAt.get(place);
        return (
          <li
            key={index}
            data-compared={pass !== undefined || undefined}
            data-winner={(pass !== undefined && winners.has(index)) || undefined}
          >
            {ids[index]}
            {pass !== undefined && <span className="muted"> pass {pass + 1}</span>}
          </li>
        );
      })}
    </ol>
  );
}
