import { useCollection } from '../../state/evaluate/collection.ts';
import { DEPTH, type Recipe } from '../../state/evaluate/recipe.ts';
import { setRecipe, useEvaluate } from '../../state/evaluate/store.ts';
import { type ModelEntry, useModels } from '../../state/models/models.ts';
import { Field } from '../ui/Field.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { AddRow } from './AddRow.tsx';
import { ChosenRows } from './ChosenRows.tsx';
import { PoolFields } from './PoolFields.tsx';
import { PresetChoice, PresetNote } from './PresetChoice.tsx';

/** What is compared: rows of a method and a checkpoint, on how many candidates. */
export function MethodsPanel() {
  const recipe = useEvaluate((s) => s.recipe);
  const catalog = useModels((s) => s.catalog) ?? [];
  const kind = useCollection((s) => s.summary?.kind);
  return (
    <section className="evaluate-panel" aria-label="Methods">
      <div className="evaluate-panel-head">
        <h3>Methods</h3>
        {kind !== 'runs' && recipe && <PresetChoice recipe={recipe} catalog={catalog} />}
      </div>
      {kind === 'runs' ? (
        <p className="muted">
          These are runs without passages: they are measured as they are, and nothing is ranked.
        </p>
      ) : recipe ? (
        <Chosen recipe={recipe} catalog={catalog} />
      ) : (
        <p className="muted">Reading the list of models …</p>
      )}
    </section>
  );
}

function Chosen({ recipe, catalog }: { readonly recipe: Recipe; readonly catalog: readonly ModelEntry[] }) {
  const running = useEvaluate((s) => s.state === 'running');
  const summary = useCollection((s) => s.summary);
  return (
    <>
      {running && (
        <p className="muted">Stop the evaluation to change rows or depth; what has been ranked stays.</p>
      )}
      <ChosenRows recipe={recipe} catalog={catalog} />
      <PresetNote recipe={recipe} />
      <AddRow catalog={catalog} disabled={running} />
      <div className="evaluate-fields">
        <NumberField
          label="Depth"
          value={recipe.depth}
          min={DEPTH.min}
          max={DEPTH.max}
          disabled={running}
          onChange={(depth) => setRecipe({ depth })}
        />
        {summary && summary.kind === 'collection' && summary.runs.length > 0 && (
          <Field label="First stage">
            {(ids) => (
              <select
                {...ids}
                className="input"
                value={recipe.firstStage ?? ''}
                disabled={running}
                onChange={(event) => setRecipe({ firstStage: event.target.value || null })}
              >
                <option value="">BM25</option>
                {summary.runs.map(({ name }) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <p className="muted evaluate-depth-note">candidates per query, which every method re-ranks</p>
      </div>
      <PoolFields recipe={recipe} disabled={running} />
    </>
  );
}
