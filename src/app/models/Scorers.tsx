import type { RankerCard } from '../../checkpoint/ranker-card.ts';
import type { Dtype } from '../../inference/scorer.ts';
import { formatBytes } from '../ui/numbers.ts';
import { TableScroll } from './TableScroll.tsx';

/** Size of every scorer file, and what its number format costs in exactness. */
export function Scorers({ card, used }: { readonly card: RankerCard; readonly used: Dtype }) {
  const { scorers, files, dtypeMeasures } = card;
  return (
    <section className="scorers">
      <h4 className="card-label">Scorer files</h4>
      <p className="muted card-note">
        {dtypeMeasures
          ? 'Error: distance of the scores from fp32, as a share of their spread. Order: pairs that come out as in fp32.'
          : 'This card states no score errors of its number formats.'}
      </p>
      <TableScroll label={`Scorer files of ${card.name}`}>
        <thead>
          <tr>
            <th scope="col">Number format</th>
            <th scope="col" className="figure">
              Size
            </th>
            {dtypeMeasures && (
              <>
                <th scope="col" className="figure">
                  Error
                </th>
                <th scope="col">Order kept</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {(Object.entries(scorers) as [Dtype, string][]).map(([dtype, path]) => {
            const measure = dtypeMeasures?.[dtype];
            return (
              <tr key={dtype}>
                <th scope="row">
                  {dtype} {dtype === used && <span className="in-use">in use</span>}
                </th>
                <td>{formatBytes(files[path]?.bytes ?? 0)}</td>
                {dtypeMeasures && (
                  <>
                    <td>{measure ? percent(measure.scoreError) : 'not measured'}</td>
                    <td>{measure ? percent(measure.agreement) : 'not measured'}</td>
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </TableScroll>
    </section>
  );
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
