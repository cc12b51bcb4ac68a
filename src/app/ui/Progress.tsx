import './progress.css';

/** A thin bar: how far something is (0 to 1), or that it goes on (undefined). */
export function Progress({ label, value }: { readonly label: string; readonly value: number | undefined }) {
  const share = value === undefined ? undefined : Math.min(1, Math.max(0, value));
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
    >
      <span
        className={share === undefined ? 'progress-open' : undefined}
        style={share === undefined ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  );
}
