import { columnNamed } from '../../evaluation/table/columns.ts';
import type { BesideRow } from '../../formats/evaluation/beside-paper.ts';
import type { EvaluationPreset } from '../../formats/evaluation/presets.ts';
import { besidePaper, columnOf, presetNamed, usePresets } from '../../state/evaluate/presets.ts';
import { setShown, useEvaluate } from '../../state/evaluate/store.ts';
import type { ShownEvaluation } from '../../state/evaluate/table.ts';
import { useModels } from '../../state/models/models.ts';
import { cellName, NumberButton } from './NumberButton.tsx';
import type { OpenQueries } from './Queries.tsx';
import { useCellKeys } from './useCellKeys.ts';
import { valueText } from './words.ts';
import '../ui/table.css';

/** The chosen preset's table: what was measured here, and in grey what the paper prints. */
export function BesidePaper({
  shown: { rows },
  onOpen,
}: {
  readonly shown: ShownEvaluation;
  readonly onOpen: OpenQueries;
}) {
  const chosen = useEvaluate((s) => s.shown.preset);
  const recipe = useEvaluate((s) => s.recipe);
  const catalog = useModels((s) => s.catalog) ?? [];
  const file = usePresets((s) => s.file);
  const preset = presetNamed(chosen?.id);
  if (!chosen || !file || !preset || !recipe) return null;
  const { sets } = preset;
  const set = sets.find(({ id }) => id === chosen.set) ?? sets[0]!;
  const beside = besidePaper(preset, set.id, { rows, recipe, catalog });
  return (
    <section className="evaluate-results" aria-labelledby="evaluate-paper-title">
      <div className="evaluate-section-head">
        <h3 id="evaluate-paper-title">Beside the paper</h3>
        {sets.length > 1 && (
          <label className="evaluate-inline">
            <span>The paper’s set</span>
            <select
              className="input"
              value={set.id}
              onChange={(event) => setShown({ preset: { id: preset.id, set: event.target.value } })}
            >
              {sets.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls and must be reachable by key. */}
      <section className="evaluate-scroll" tabIndex={0} aria-label="Beside the paper, scrolling">
        <Beside preset={preset} beside={beside} onOpen={onOpen} />
      </section>
      <p className="muted evaluate-note">
        Grey: {file.source.authors},{' '}
        <a href={file.source.url} target="_blank" rel="noreferrer">
          {file.source.title}
        </a>
        , {preset.name}, {set.name}. {preset.note} Other models and other data give other numbers: what
        compares is the order of the methods.
      </p>
    </section>
  );
}

function Beside({
  preset,
  beside,
  onOpen,
}: {
  readonly preset: EvaluationPreset;
  readonly beside: readonly BesideRow[];
  readonly onOpen: OpenQueries;
}) {
  const columns = preset.columns.map((id) => columnNamed(columnOf(id))!);
  const keys = useCellKeys(
    beside.flatMap(({ ownId = '', cells }) =>
      cells.flatMap(({ own }, i) => (own === null ? [] : [cellName(ownId, columns[i]!.id)])),
    ),
  );
  return (
    <table
      className="table evaluate-table evaluate-paper"
      aria-label="Beside the paper"
      onKeyDown={keys.onKeyDown}
    >
      <thead>
        <tr>
          <th scope="col" rowSpan={2} className="evaluate-name">
            Method
          </th>
          {columns.map(({ id, heading, help }) => (
            <th key={id} scope="colgroup" colSpan={2} className="figure" title={help}>
              {id === 'median' ? 'Seconds' : heading}
            </th>
          ))}
        </tr>
        <tr>
          {columns.flatMap(({ id }) => [
            <th key={`${id} own`} scope="col" className="figure">
              here
            </th>,
            <th key={`${id} paper`} scope="col" className="figure muted">
              paper
            </th>,
          ])}
        </tr>
      </thead>
      <tbody>
        {beside.map(({ name, model, printed, ownId, cells }) => (
          <tr key={`${name} ${model}`}>
            <th scope="row" className="evaluate-name">
              <span className="evaluate-named">
                <span className={printed ? 'evaluate-method' : 'evaluate-method evaluate-own'}>{name}</span>
                <span className="muted"> {model}</span>
              </span>
            </th>
            {cells.flatMap(({ own, paper }, i) => [
              <td key={`${columns[i]!.id} own`} className="figure">
                {own !== null && (
                  <NumberButton
                    row={ownId ?? ''}
                    cell={columns[i]!.id}
                    says={`${valueText(own, columns[i]!.style)}, ${columns[i]!.heading} of ${name} ${model}, show its queries`}
                    keys={keys}
                    onClick={() =>
                      onOpen({ row: ownId ?? null, column: columns[i]!.id, part: 'all', order: 'contrast' })
                    }
                  >
                    {valueText(own, columns[i]!.style)}
                  </NumberButton>
                )}
              </td>,
              <td key={`${columns[i]!.id} paper`} className="figure muted">
                {paper === null ? '' : valueText(paper, columns[i]!.style)}
              </td>,
            ])}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
