import type { SetDifference, SetRow, SetTable } from '../../../state/query-set/table.ts';
import { formatMs, formatNumber, formatShare } from '../../ui/numbers.ts';
import { Term } from '../../ui/Term.tsx';
import '../../ui/table.css';
import { shownNames } from '../methods.ts';
import { differenceText, hardOnBm25Text, intervalText, queriesText } from './words.ts';

interface Props {
  readonly table: SetTable;
  /** Candidates of each query, at most. */
  readonly k: number;
  /** Queries of the set. */
  readonly of: number;
}

/** Means over the queries, with paired intervals against BM25, and what each method took. */
export function SetSummary({ table, k, of }: Props) {
  const { queries, rows, differences, firstHitMisses } = table;
  if (queries === 0) return <p className="muted">No query has been ranked by every method yet.</p>;
  const hard = hardOnBm25Text(firstHitMisses, queries);
  const cached = rows.reduce((sum, { cost }) => sum + cost.cached, 0);
  return (
    <>
      <table className="table set-table">
        <caption className="visually-hidden">Means over {queriesText(queries)}</caption>
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col" className="figure">
              Mean <Term id="ndcg">nDCG@10</Term>
            </th>
            <th scope="col">Against BM25</th>
            <th scope="col" className="figure">
              Calls
            </th>
            <th scope="col" className="figure">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.method} row={row} queries={queries} />
          ))}
        </tbody>
      </table>
      {differences.map((one) => (
        <Difference key={`${one.a} ${one.b}`} one={one} />
      ))}
      {hard && <p className="muted">{hard}</p>}
      <p className="muted">
        {queries < of && `So far ${queriesText(queries)} of ${of}. `}
        {queries > 1
          ? `${queriesText(queries)}, up to ${k} candidates each. In brackets the 95 % interval of the mean difference, paired by query; one that contains 0 means not measurably different. So does a p of .05 or more (randomisation test): with few queries the interval alone is too narrow.`
          : 'One query has no interval.'}
        {cached > 0 &&
          ` ${formatNumber(cached)} of the answers were kept from earlier runs; their times are those measured when they were made.`}
      </p>
    </>
  );
}

function Row({ row, queries }: { readonly row: SetRow; readonly queries: number }) {
  const { method, ndcg10, againstBm25, cost } = row;
  return (
    <tr data-method={method}>
      <th scope="row">
        <span className="set-method">{shownNames[method]}</span>
        {method === 'base' && <span className="muted"> Yes/No question</span>}
      </th>
      <td className="figure">
        <strong>{formatShare(ndcg10)}</strong>
      </td>
      <td>
        {againstBm25 && (
          <>
            <span className="set-interval">{intervalText(againstBm25)}</span>{' '}
            <span className="muted">{differenceText(againstBm25, 'bm25')}</span>
          </>
        )}
      </td>
      <td className="figure">
        {formatNumber(cost.calls)}
        {cost.calls > 0 && (
          <span className="muted set-each">{formatNumber(Math.round(cost.calls / queries))} per query</span>
        )}
      </td>
      <td className="figure">
        {formatMs(1000 * cost.seconds)}
        <span className="muted set-each">{formatMs((1000 * cost.seconds) / queries)} per query</span>
      </td>
    </tr>
  );
}

function Difference({ one: { a, b, difference } }: { readonly one: SetDifference }) {
  return (
    <p>
      {shownNames[a]} − {shownNames[b].toLowerCase()}: <strong>{intervalText(difference)}</strong>. The{' '}
      {shownNames[a].toLowerCase()} is {differenceText(difference, b)} in nDCG@10.
    </p>
  );
}
