import type { Comparison, EvaluationRow } from '../../inference/ranker-card.ts';
import { formatNumber, formatShare } from '../ui/numbers.ts';

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${formatShare(Math.abs(value))}`;

/** The card's held-out results: methods on the same candidates, differences with paired 95 % intervals. */
export function EvaluationTable({
  of,
  rows,
}: {
  readonly of: string;
  readonly rows: readonly EvaluationRow[];
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls on a narrow screen and must be reachable by key.
    <section className="table-scroll" tabIndex={0} aria-label={`Held-out results of ${of}`}>
      <table className="evaluation">
        <caption className="card-label">Held-out results</caption>
        <thead>
          <tr>
            <th scope="col">Set</th>
            <th scope="col">Method</th>
            <th scope="col">Queries</th>
            <th scope="col">nDCG@10</th>
            <th scope="col">Difference (95 %)</th>
            <th scope="col">Calls a query</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.set} ${row.method} ${row.difference?.against ?? ''}`}>
              <td>{row.set}</td>
              <td>{row.method}</td>
              <td>{formatNumber(row.queries)}</td>
              <td>
                <strong>{formatShare(row.ndcg10)}</strong>
              </td>
              <td>
                {row.difference
                  ? `${signed(row.difference.mean)} (${signed(row.difference.low)} to ${signed(row.difference.high)}) against ${row.difference.against}`
                  : ''}
              </td>
              <td>{formatNumber(row.callsPerQuery)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Paired differences between the methods of the table above. */
export function ComparisonTable({ of, rows }: { readonly of: string; readonly rows: readonly Comparison[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls on a narrow screen and must be reachable by key.
    <section className="table-scroll" tabIndex={0} aria-label={`Differences of ${of}`}>
      <table className="evaluation">
        <caption className="card-label">Differences in nDCG@10, paired 95 % intervals</caption>
        <thead>
          <tr>
            <th scope="col">Set</th>
            <th scope="col">Method</th>
            <th scope="col">Against</th>
            <th scope="col">Queries</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ set, method, against, queries, mean, low, high }) => (
            <tr key={`${set} ${method} ${against}`}>
              <td>{set}</td>
              <td>{method}</td>
              <td>{against}</td>
              <td>{formatNumber(queries)}</td>
              <td>
                <strong>{signed(mean)}</strong> ({signed(low)} to {signed(high)})
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
