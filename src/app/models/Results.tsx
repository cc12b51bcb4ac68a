import type { ReactNode } from 'react';
import type { Comparison, EvaluationRow, RankerCard } from '../../checkpoint/ranker-card.ts';
import { metricName, resultsBySet, type SetResults, verdict } from '../../checkpoint/ranker-card-results.ts';
import { counted, formatMs, formatNumber, formatShare, formatSigned } from '../ui/numbers.ts';
import { formatValue } from './chart/curve.ts';
import { TableScroll } from './TableScroll.tsx';

/** The card's held-out results: one table a set, methods on the same candidates, paired 95 % intervals. */
export function Results({ card }: { readonly card: RankerCard }) {
  const results = resultsBySet(card);
  return (
    <section>
      <h4 className="card-label">Held-out results</h4>
      {results.length === 0 ? (
        <p className="muted">This card states no held-out results.</p>
      ) : (
        <>
          <p className="muted card-note">
            Methods of a set rank the same candidates. In brackets the paired 95 % interval of the difference;
            where it contains 0, the two are not measurably different.
          </p>
          {results.map((one) => (
            <SetTables key={one.set} of={card.name} results={one} />
          ))}
        </>
      )}
    </section>
  );
}

function SetTables({ of, results }: { readonly of: string; readonly results: SetResults }) {
  const { set, queries, rows, comparisons } = results;
  const caption = (
    <caption className="set-name">
      <strong>{set}</strong> <span className="muted">· {queriesOf(queries)}</span>
    </caption>
  );
  if (rows.length === 0) return <Differences of={of} set={set} rows={comparisons} caption={caption} />;
  return (
    <div>
      <Methods of={of} set={set} rows={rows} caption={caption} />
      {comparisons.length > 0 && (
        <details className="more-differences">
          <summary>
            {counted(comparisons.length, 'more difference')}
            <span className="visually-hidden"> in {set}</span>
          </summary>
          <Differences of={of} set={set} rows={comparisons} />
        </details>
      )}
    </div>
  );
}

interface TableProps<Row> {
  readonly of: string;
  readonly set: string;
  readonly rows: readonly Row[];
  readonly caption?: ReactNode;
}

/** Columns that no row has a value for are left out. */
function Methods({ of, set, rows, caption }: TableProps<EvaluationRow>) {
  const has = (field: keyof EvaluationRow) => rows.some((row) => row[field] !== undefined);
  return (
    <TableScroll label={`Results of ${of} on ${set}`}>
      {caption}
      <thead>
        <tr>
          <th scope="col">Method</th>
          <th scope="col" className="figure">
            nDCG@10
          </th>
          {has('difference') && <th scope="col">Difference in nDCG@10</th>}
          {has('kendallTau') && (
            <th scope="col" className="figure">
              τ to the teacher
            </th>
          )}
          <th scope="col" className="figure">
            Calls per query
          </th>
          {has('secondsPerQuery') && (
            <th scope="col" className="figure">
              Time per query
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.method} ${row.difference?.against ?? ''}`}>
            <th scope="row">{row.method}</th>
            <td>
              <strong>{formatShare(row.ndcg10)}</strong>
            </td>
            {has('difference') && (
              <td className="difference">{row.difference && <Difference {...row.difference} />}</td>
            )}
            {has('kendallTau') && <td>{row.kendallTau === undefined ? '' : formatValue(row.kendallTau)}</td>}
            <td>{formatNumber(row.callsPerQuery)}</td>
            {has('secondsPerQuery') && (
              <td>{row.secondsPerQuery === undefined ? '' : formatMs(1000 * row.secondsPerQuery)}</td>
            )}
          </tr>
        ))}
      </tbody>
    </TableScroll>
  );
}

function Differences({ of, set, rows, caption }: TableProps<Comparison>) {
  const metrics = new Set(rows.map(({ metric }) => metricName(metric)));
  return (
    <TableScroll label={`Differences of ${of} on ${set}`}>
      {caption}
      <thead>
        <tr>
          <th scope="col">Method</th>
          {metrics.size > 1 && (
            <th scope="col" className="figure">
              In
            </th>
          )}
          <th scope="col">Difference{metrics.size === 1 && ` in ${[...metrics][0]}`}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.method} ${row.against} ${row.metric}`}>
            <th scope="row">{row.method}</th>
            {metrics.size > 1 && <td className="words">{metricName(row.metric)}</td>}
            <td className="difference">
              <Difference {...row} />
            </td>
          </tr>
        ))}
      </tbody>
    </TableScroll>
  );
}

type DifferenceProps = NonNullable<EvaluationRow['difference']>;

/** `+.029 (+.012 to +.045) higher than BM25`: what the interval allows to say, in words. */
function Difference({ against, mean, low, high }: DifferenceProps) {
  const clear = verdict({ low, high });
  return (
    <span data-verdict={clear}>
      <span className="difference-figures">
        <strong>{formatSigned(mean)}</strong> ({formatSigned(low)} to {formatSigned(high)})
      </span>{' '}
      {clear === 'not clear' ? (
        <span className="muted">not measurably different from {against}</span>
      ) : (
        <>
          <strong>{clear}</strong> than {against}
        </>
      )}
    </span>
  );
}

const queriesOf = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'query' : 'queries'}`;
