import { useQuery } from '../../../state/corpus/query.ts';
import { playground } from '../../../state/playground.ts';
import type { SetTable } from '../../../state/query-set/table.ts';
import type { SetMethod } from '../../../state/query-set/types.ts';
import { Button } from '../../ui/Button.tsx';
import { formatShare } from '../../ui/numbers.ts';
import { shownNames } from '../methods.ts';
import { queriesText } from './words.ts';

interface Props {
  readonly table: SetTable;
  readonly methods: readonly SetMethod[];
}

/** nDCG@10 query by query; a query opens in the three columns, where its answers are kept ones. */
export function PerQuery({ table, methods }: Props) {
  const text = useQuery((s) => s.text);
  const setText = useQuery((s) => s.setText);
  return (
    <details
      className="set-queries"
      onToggle={({ currentTarget }) =>
        currentTarget.open && currentTarget.scrollIntoView({ block: 'nearest' })
      }
    >
      <summary>nDCG@10 of each query ({queriesText(table.perQuery.length)})</summary>
      <table className="table set-table">
        <caption className="visually-hidden">nDCG@10 of each query</caption>
        <thead>
          <tr>
            <th scope="col">Query</th>
            {methods.map((method) => (
              <th key={method} scope="col" className="figure">
                {shownNames[method]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.perQuery.map(({ query: { query }, ndcg10 }) => (
            <tr key={query.id}>
              <th scope="row">
                <Button
                  kind="link"
                  small
                  className="set-open"
                  aria-current={query.text === text || undefined}
                  title="Rank this query in the columns below"
                  onClick={() => {
                    setText(query.text);
                    playground.rank();
                  }}
                >
                  {query.text}
                </Button>
              </th>
              {methods.map((method) => (
                <td key={method} className="figure">
                  {ndcg10[method] === undefined ? '–' : formatShare(ndcg10[method])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
