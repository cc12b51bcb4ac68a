import { formatNumber } from '../../ui/numbers.ts';
import { TableScroll } from '../TableScroll.tsx';
import type { Curve } from './curve.ts';
import { formatValue } from './curve.ts';

/** Every point of a chart in numbers, for those who do not see it or want to know exactly. */
export function CurveTable({ curve, of }: { readonly curve: Curve; readonly of: string }) {
  const { title, series, rows } = curve;
  const staged = rows.some(({ stage }) => stage !== undefined);
  return (
    <details className="chart-table">
      <summary>
        As a table<span className="visually-hidden">: {title}</span>
      </summary>
      <TableScroll label={`${title} of ${of}`}>
        <thead>
          <tr>
            <th scope="col">Step</th>
            {staged && <th scope="col">Stage</th>}
            {series.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ step, stage, values }) => (
            <tr key={`${stage} ${step}`}>
              <th scope="row">{formatNumber(step)}</th>
              {staged && <td>{stage}</td>}
              {series.map((name, s) => (
                <td key={name}>{formatValue(values[s], 4)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </TableScroll>
    </details>
  );
}
