import { useState } from 'react';
import type { RecordingSummary } from '../../formats/recording/open.ts';
import { showQuery } from '../../state/recording/opened.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { formatNumber } from '../ui/numbers.ts';

/** Rows that are drawn: of more, a word of the query finds the rest. */
const MOST_ROWS = 200;

/** The queries of a file, those first whose judge contradicts itself most. */
export function RecordedQueries({
  list,
  at,
  onClose,
}: {
  readonly list: readonly RecordingSummary[];
  readonly at: number;
  readonly onClose: () => void;
}) {
  const [words, setWords] = useState('');
  const lists = list.some(({ listings }) => listings > 0);
  const pairs = !lists || list.some(({ decisions }) => decisions > 0);
  const wanted = words.trim().toLowerCase();
  const found = list
    .map((one, place) => ({ one, place }))
    .filter(({ one }) => `${one.queryId} ${one.query}`.toLowerCase().includes(wanted));
  return (
    <Dialog
      wide
      title={`${formatNumber(list.length)} queries, ${pairs ? 'most contradictory' : 'most malformed'} first`}
      onClose={onClose}
    >
      <Field label="Find a query">
        {(ids) => (
          <input
            {...ids}
            type="search"
            className="input"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        )}
      </Field>
      <table className="recorded-queries">
        <thead>
          <tr>
            <th scope="col">Query</th>
            <th scope="col">Candidates</th>
            {lists && <th scope="col">Malformed lists</th>}
            {pairs && (
              <>
                <th scope="col">Decisions</th>
                <th scope="col">Contradictory</th>
                <th scope="col">Cycles</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {found.slice(0, MOST_ROWS).map(({ one, place }) => (
            <tr key={one.index} aria-current={place === at || undefined}>
              <th scope="row">
                <button
                  type="button"
                  className="recorded-query"
                  onClick={() => {
                    void showQuery(place);
                    onClose();
                  }}
                >
                  <span className="mono muted">{one.queryId}</span> {one.query}
                </button>
              </th>
              <td>{one.candidates}</td>
              {lists && (
                <td>{one.listings === 0 ? '–' : `${one.malformed} of ${formatNumber(one.listings)}`}</td>
              )}
              {pairs && (
                <>
                  <td>{formatNumber(one.decisions)}</td>
                  <td>
                    {one.pairs === 0
                      ? '–'
                      : `${one.contradictory} of ${one.pairs} pairs (${Math.round((100 * one.contradictory) / one.pairs)} %)`}
                  </td>
                  <td>{one.pairs === 0 ? '–' : one.cycles}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {found.length === 0 && <p className="muted">No query has these words.</p>}
      {found.length > MOST_ROWS && (
        <p className="muted">
          The first {MOST_ROWS} of {formatNumber(found.length)}. Type a word of the query to find another.
        </p>
      )}
    </Dialog>
  );
}
