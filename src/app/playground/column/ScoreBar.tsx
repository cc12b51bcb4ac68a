import type { TermId } from '../../glossary.ts';
import { Term } from '../../ui/Term.tsx';
import { formatScore, formatTick, position, type Scale, ticksOf } from './scale.ts';
import './scores.css';

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

/** One score on its column's scale. The number beside it says the same, so the bar is decoration. */
export function ScoreBar({
  score,
  scale,
  decimals,
}: {
  readonly score: number | undefined;
  readonly scale: Scale;
  readonly decimals: number;
}) {
  const known = score !== undefined && Number.isFinite(score);
  const zero = position(scale, 0);
  const at = known ? position(scale, score) : zero;
  return (
    <div className="score">
      <span className="score-track" aria-hidden="true">
        <span className="score-zero" style={{ left: percent(zero) }} />
        <span
          className="score-bar"
          style={{ left: percent(Math.min(zero, at)), width: percent(Math.abs(at - zero)) }}
        />
      </span>
      <span className="score-value">
        <span className="visually-hidden">Score </span>
        {known ? formatScore(score, decimals) : '…'}
      </span>
    </div>
  );
}

/** The scale's ends and its zero, above the rows. */
export function ScoreAxis({
  scale,
  label,
  term,
}: {
  readonly scale: Scale;
  readonly label: string;
  readonly term: TermId;
}) {
  return (
    <div className="score score-axis">
      <span className="score-track">
        {ticksOf(scale).map((tick) => (
          <span
            key={tick.value}
            className="score-tick"
            data-end={tick.at === 0 ? 'start' : tick.at === 1 ? 'end' : undefined}
            style={{ left: percent(tick.at) }}
          >
            {formatTick(tick.value)}
          </span>
        ))}
      </span>
      <span className="score-value">
        <Term id={term}>{label}</Term>
      </span>
    </div>
  );
}
