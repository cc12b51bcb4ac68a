import { Fragment, useMemo } from 'react';
import { heading } from '../../evaluation/headings.ts';
import { COLUMNS, MEASURE_IDS } from '../../evaluation/table/columns.ts';
import type { TableCell, TableRow } from '../../evaluation/table/table.ts';
import { kindOf } from '../../ranking/progress/progress.ts';
import { useCollection } from '../../state/evaluate/collection.ts';
import { asksModel, type Recipe, rowId, SEPARATOR } from '../../state/evaluate/recipe.ts';
import { repairNotes } from '../../state/evaluate/repairs.ts';
import { setShown, useEvaluate } from '../../state/evaluate/store.ts';
import type { ShownEvaluation } from '../../state/evaluate/table.ts';
import { useModels } from '../../state/models/models.ts';
import { counted, formatNumber } from '../ui/numbers.ts';
import { Popover } from '../ui/Popover.tsx';
import { cellName, NumberButton } from './NumberButton.tsx';
import type { OpenQueries, QueryView } from './Queries.tsx';
import { type CellKeys, useCellKeys } from './useCellKeys.ts';
import { valueText } from './words.ts';
import '../ui/table.css';

/** A row a method: means over the queries, the best in bold, letters for what is above which row by more than chance. */
export function ResultsTable({
  shown,
  onOpen,
}: {
  readonly shown: ShownEvaluation;
  readonly onOpen: OpenQueries;
}) {
  const { table, tested, coverage } = shown;
  const size = useCollection((s) => s.summary?.queries.length ?? 0);
  const recipe = useEvaluate((s) => s.recipe);
  const state = useEvaluate((s) => s.state);
  const { compared, common } = useEvaluate((s) => s.shown);
  const keys = useCellKeys(
    table.rows.flatMap(({ id, cells, queries }) => [
      ...cells.flatMap(({ value }, c) => (value === null ? [] : [cellName(id, table.columns[c]!.id)])),
      ...(queries > 0 ? ENDS.map((end) => cellName(id, end)) : []),
    ]),
  );
  const wins = table.rows.some(({ against }) => against !== null);
  const partly = [...coverage.byRow.values()].some((queries) => queries < size);
  return (
    <section className="evaluate-results" aria-labelledby="evaluate-results-title">
      <div className="evaluate-section-head">
        <h3 id="evaluate-results-title">Results</h3>
        <Options shown={shown} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls and must be reachable by key. */}
      <section className="evaluate-scroll" tabIndex={0} aria-label="Results, scrolling">
        <table className="table evaluate-table" aria-label="Results" onKeyDown={keys.onKeyDown}>
          <thead>
            <tr>
              <th scope="col" className="evaluate-name">
                Method
              </th>
              {table.columns.map(({ id, heading: name, help }) => (
                <th key={id} scope="col" className="figure" title={help}>
                  {name}
                </th>
              ))}
              {wins && (
                <th
                  scope="col"
                  className="figure"
                  title={`Queries on which the row is above, level with, below ${table.reference}`}
                >
                  W/T/L
                </th>
              )}
              {partly && (
                <th scope="col" className="figure">
                  Queries
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <Row
                key={row.id}
                row={row}
                shown={shown}
                recipe={recipe}
                wins={wins}
                covered={
                  partly ? `${formatNumber(coverage.byRow.get(row.id) ?? 0)} of ${formatNumber(size)}` : null
                }
                keys={keys}
                onOpen={onOpen}
              />
            ))}
          </tbody>
        </table>
      </section>
      {!coverage.even && (
        <div className="evaluate-uneven">
          <p>
            {common
              ? `Rows cover different queries so far: all values are over the ${counted(coverage.commonCount, 'query', 'queries')} that every row has.`
              : 'Rows cover different queries so far, as many as the column Queries says: nothing is marked as best or as significant.'}
          </p>
          <label className="evaluate-check">
            <input
              type="checkbox"
              checked={common}
              disabled={!common && coverage.commonCount === 0}
              onChange={(event) => setShown({ common: event.target.checked })}
            />
            Only the {counted(coverage.commonCount, 'query', 'queries')} that every row has
          </label>
        </div>
      )}
      <Repairs />
      <p className="muted evaluate-note">
        Click a number to see its queries (the arrow keys go from one to the next).{' '}
        {table.reference !== null && (
          <>
            τ, RBO and wins, ties and losses in {heading(compared)} are against {table.reference}.{' '}
          </>
        )}
        {state === 'running'
          ? 'Differences are tested when the rows are done.'
          : !table.even
            ? ''
            : tested
              ? 'A letter names a row that the value is significantly above: paired randomisation test, p < .05, Holm-corrected over all pairs of rows.'
              : 'Testing differences …'}
      </p>
    </section>
  );
}

/** Rows whose model does not write what it is asked for. */
function Repairs() {
  const recipe = useEvaluate((s) => s.recipe);
  const results = useEvaluate((s) => s.results);
  const version = useEvaluate((s) => s.version);
  const catalog = useModels((s) => s.catalog);
  const notes = useMemo(() => {
    // The results grow in place.
    void version;
    return repairNotes(recipe, results, catalog ?? []);
  }, [recipe, results, version, catalog]);
  return notes.map((note) => (
    <p key={note} className="evaluate-notice">
      {note}
    </p>
  ));
}

interface RowProps {
  readonly row: TableRow;
  readonly shown: ShownEvaluation;
  readonly recipe: Recipe | null;
  readonly wins: boolean;
  /** How many of the queries it has; null where all rows have all. */
  readonly covered: string | null;
  readonly keys: CellKeys;
  readonly onOpen: OpenQueries;
}

/** What stands behind the columns: a cell of three numbers, and how many queries there are. */
const ENDS = ['wins', 'ties', 'losses', 'queries'] as const;

function Row({ row, shown: { table }, recipe, wins, covered, keys, onOpen }: RowProps) {
  const { letter, name, kind, cells, against, queries } = row;
  const compared = useEvaluate((s) => s.shown.compared);
  const open = (view: Partial<QueryView>) => onOpen({ part: 'all', order: 'contrast', row: row.id, ...view });
  const [title, ...checkpoint] = kind === 'method' ? name.split(SEPARATOR) : [name];
  return (
    <tr data-kind={kind} data-method={accentOf(row, recipe)}>
      <th scope="row" className="evaluate-name">
        <span className="evaluate-letter">{letter}</span>
        <span className="evaluate-named">
          <span className="evaluate-method">{title}</span>
          {checkpoint.length > 0 && <span className="muted"> {checkpoint.join(SEPARATOR)}</span>}
        </span>
      </th>
      {cells.map((cell, i) => {
        const { id, heading: column, style } = table.columns[i]!;
        const text = valueText(cell.value, style);
        const marks = [
          ...(cell.best ? ['the best'] : []),
          ...(cell.above.length > 0 ? [`significantly above ${cell.above.join(', ')}`] : []),
        ];
        const says = [`${text}, ${column} of ${name}`, ...marks, 'show its queries'].join(', ');
        return (
          <td key={id} className="figure">
            {cell.value === null ? (
              text
            ) : (
              <NumberButton
                row={row.id}
                cell={id}
                says={says}
                keys={keys}
                onClick={() => open({ column: id })}
              >
                <Cell cell={cell} text={text} />
              </NumberButton>
            )}
          </td>
        );
      })}
      {wins && (
        <td className="figure">
          {against
            ? (['wins', 'ties', 'losses'] as const).map((part, i) => (
                <Fragment key={part}>
                  {i > 0 && '/'}
                  <NumberButton
                    row={row.id}
                    cell={part}
                    says={`${against[part]} ${part} of ${name} against ${table.reference}, show them`}
                    keys={keys}
                    onClick={() => open({ column: compared, part })}
                  >
                    {against[part]}
                  </NumberButton>
                </Fragment>
              ))
            : '–'}
        </td>
      )}
      {covered !== null && (
        <td className="figure">
          {queries === 0 ? (
            covered
          ) : (
            <NumberButton
              row={row.id}
              cell="queries"
              says={`${covered} queries of ${name}, show them`}
              keys={keys}
              onClick={() => open({ column: compared, order: 'file' })}
            >
              {covered}
            </NumberButton>
          )}
        </td>
      )}
    </tr>
  );
}

function Cell({ cell: { best, above }, text }: { readonly cell: TableCell; readonly text: string }) {
  return (
    <>
      {best ? <strong>{text}</strong> : text}
      {above.length > 0 && <sup className="evaluate-above">{above.join('')}</sup>}
    </>
  );
}

/** The colour that such methods have everywhere: students score passages, teachers compare them. */
export function accentOf(
  { id, kind }: Pick<TableRow, 'id' | 'kind'>,
  recipe: Recipe | null,
): 'bm25' | 'student' | 'teacher' | undefined {
  if (kind === 'first-stage') return 'bm25';
  const row = recipe?.rows.find((one) => rowId(one) === id);
  if (!row || !asksModel(row)) return undefined;
  return kindOf(row.method) === 'pointwise' ? 'student' : 'teacher';
}

function Options({ shown }: { readonly shown: ShownEvaluation }) {
  const { columns, compared, level, condensed } = useEvaluate((s) => s.shown);
  const judged = useCollection((s) => s.qrels.size > 0);
  const toggle = (id: string) =>
    setShown({
      columns: COLUMNS.map((column) => column.id).filter((one) =>
        one === id ? !columns.includes(id) : columns.includes(one),
      ),
    });
  return (
    <div className="evaluate-options">
      <label className="evaluate-inline">
        <span>Compare in</span>
        <select
          className="input"
          value={compared}
          disabled={!judged}
          onChange={(event) => setShown({ compared: event.target.value })}
        >
          {MEASURE_IDS.map((id) => (
            <option key={id} value={id}>
              {heading(id)}
            </option>
          ))}
        </select>
      </label>
      <label className="evaluate-inline">
        <span>Against</span>
        <select
          className="input"
          value={shown.reference}
          onChange={(event) => setShown({ reference: event.target.value })}
        >
          {shown.orders
            .filter(({ kind }) => kind !== 'ceiling')
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </select>
      </label>
      <Popover trigger="Columns" title="Columns" className="button-small">
        <ColumnChoices columns={columns} toggle={toggle} />
        <fieldset className="evaluate-choices">
          <legend>How it is measured</legend>
          <label className="evaluate-check">
            <input
              type="checkbox"
              checked={condensed}
              onChange={(event) => setShown({ condensed: event.target.checked })}
            />
            Condensed lists (leave out unjudged passages)
          </label>
          <label className="evaluate-inline">
            <span>Relevant from grade</span>
            <select
              className="input"
              value={level}
              onChange={(event) => setShown({ level: Number(event.target.value) })}
            >
              {[1, 2, 3].map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
        </fieldset>
      </Popover>
    </div>
  );
}

const GROUPS = {
  measures: 'Measures',
  agreement: 'Agreement and judgments',
  cost: 'Cost per query',
} as const;

function ColumnChoices({
  columns,
  toggle,
}: {
  readonly columns: readonly string[];
  readonly toggle: (id: string) => void;
}) {
  return (
    <>
      {(['measures', 'agreement', 'cost'] as const).map((group) => (
        <fieldset key={group} className="evaluate-choices">
          <legend>{GROUPS[group]}</legend>
          {COLUMNS.filter((column) => column.group === group).map(({ id, heading: name, help }) => (
            <label key={id} className="evaluate-check" title={help}>
              <input type="checkbox" checked={columns.includes(id)} onChange={() => toggle(id)} />
              {name}
            </label>
          ))}
        </fieldset>
      ))}
    </>
  );
}
