import { formatNumber } from '../ui/numbers.ts';

const width = 640;
const height = 84;

/** Training loss over steps, as the card states it. */
export function LossCurve({
  points,
}: {
  readonly points: readonly (readonly [step: number, loss: number])[];
}) {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const losses = points.map(([, loss]) => loss);
  const low = Math.min(...losses);
  const high = Math.max(...losses);
  const x = (step: number) => ((step - first[0]) / Math.max(1, last[0] - first[0])) * width;
  const y = (loss: number) => height - 2 - ((loss - low) / Math.max(1e-9, high - low)) * (height - 4);
  const d = points
    .map(([step, loss], i) => `${i ? 'L' : 'M'}${x(step).toFixed(1)} ${y(loss).toFixed(1)}`)
    .join('');
  return (
    <figure className="loss">
      <figcaption className="card-label">Training loss</figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Training loss from ${first[1].toFixed(3)} to ${last[1].toFixed(3)} over ${formatNumber(last[0])} steps`}
      >
        <path d={d} vectorEffect="non-scaling-stroke" />
      </svg>
      <p className="muted">
        {first[1].toFixed(3)} at step {formatNumber(first[0])}, {last[1].toFixed(3)} at step{' '}
        {formatNumber(last[0])}
      </p>
    </figure>
  );
}
