import type { ReactNode } from 'react';

/** A short list of names and values; what is not stated is left out. */
export function Facts({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: ReactNode])[];
}) {
  return (
    <div>
      <h4 className="card-label">{title}</h4>
      <dl className="facts">
        {rows
          .filter(([, value]) => value !== undefined && value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </div>
  );
}
