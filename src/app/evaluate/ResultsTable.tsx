import { heading } from '../../evaluation/headings.ts';
import { COLUMNS, MEASURE_IDS } from '../../evaluation/table/columns.ts';
import type { TableCell, TableRow } from '../../evaluation/table/table.ts';
import { kindOf } from '../../ranking/progress/progress.ts';
import { useCollection } from '../../state/evaluate/collection.ts';
import { asksModel, type Recipe, rowId, SEPARATOR } from '../../state/evaluate/recipe.ts';
import { setShown, useEvaluate } from '../../state/evaluate/store.ts';
import type { ShownEvaluation } from '../../state/evaluate/table.ts';
import { formatNumber } from '../ui/numbers.ts';
import { Popover } from '../ui/Popover.tsx';
import { valueText } from './words.ts';
import '../ui/table.css';

/** A row a method: means over the queries, the best in bold, letters for what is above which row by more than chance. */
export function ResultsTable({ shown }: { readonly shown: ShownEvaluation }) {
  const { table, tested } = shown;
  const size = useCollection((s) => s.summary?.queries.length ?? 0);
  const recipe = useEvaluate((s) => s.recipe);
  const state = useEvaluate((s) => s.state);
  const compared = useEvaluate((s) => s.shown.compared);
  const wins = table.rows.some(({ against }) => against !== null);
  const partly = table.rows.some(({ queries }) => queries < size);
  return (
    <section className="evaluate-results" aria-labelledby="evaluate-results-title">
      <div className="evaluate-section-head">
        <h3 id="evaluate-results-title">Results</h3>
        <Options shown={shown} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls and must be reachable by key. */}
      <section className="evaluate-scroll" tabIndex={0} aria-label="Results, scrolling">
        <table className="table evaluate-table" aria-label="Results">
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
                partly={partly}
                size={size}
              />
            ))}
          </tbody>
        </table>
      </section>
      <p className="muted evaluate-note">
        {table.reference !== null && (
          <>
            τ, RBO and wins, ties and losses in {heading(compared)} are against {table.reference}.{' '}
          </>
        )}
        {state === 'running'
          ? 'Differences are tested when the rows are done.'
          : tested
            ? 'A letter names a row that the value is significantly above: paired randomisation test, p < .05, Holm-corrected over all pairs of rows.'
            : 'Testing differences …'}
      </p>
    </section>
  );
}

interface RowProps {
  readonly row: TableRow;
  readonly shown: ShownEvaluation;
  readonly recipe: Recipe | null;
  readonly wins: boolean;
  readonly partly: boolean;
  readonly size: number;
}

function Row({ row, shown: { table }, recipe, wins, partly, size }: RowProps) {
  const { letter, name, kind, cells, against, queries } = row;
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
      {cells.map((cell, i) => (
        <td key={table.columns[i]!.id} className="figure">
          <Cell cell={cell} text={valueText(cell.value, table.columns[i]!.style)} />
        </td>
      ))}
      {wins && (
        <td className="figure">{against ? `${against.wins}/${against.ties}/${against.losses}` : '–'}</td>
      )}
      {partly && (
        <td className="figure">
          {formatNumber(queries)} of {formatNumber(size)}
        </td>
      )}
    </tr>
  );
}

function Cell({ cell: { best, above }, text }: { readonly cell: TableCell; readonly text: string }) {
  return (
    <>
      {best ? <strong>{text}</strong> : text}
      {above.length > 0 && (
        <sup className="evaluate-above">
          <span className="visually-hidden">, significantly above </span>
          {above.join('')}
        </sup>
      )}
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
