import type { FlipBin } from '../../analysis/consistency.ts';

interface Props {
  readonly title: string;
  readonly unit: string;
  readonly bins: readonly FlipBin[];
}

const short = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));

/** How often pairs flip, hard ones (close together) first: a table with bars, since raw rates mislead. */
export function FlipChart({ title, unit, bins }: Props) {
  if (bins.length === 0) return null;
  return (
    <table className="flips">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{unit}</th>
          <th scope="col">flip rate</th>
          <th scope="col">pairs</th>
        </tr>
      </thead>
      <tbody>
        {bins.map(({ from, to, flips }) => (
          <tr key={from}>
            <th scope="row">{from === to ? short(from) : `${short(from)}–${short(to)}`}</th>
            <td>
              <span
                className="flips-bar"
                style={{ inlineSize: `${flips.share * 100}%` }}
                aria-hidden="true"
              />
              <span className="flips-figure">{flips.share.toFixed(2).replace(/^0/, '')}</span>
            </td>
            <td>{flips.of}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
