import { useState } from 'react';
import { BASELINES, isBaselineId, NO_COUNTS } from '../../evaluation/baselines/baselines.ts';
import { DEFAULT_WEIGHT, type Fusion } from '../../ranking/fusion.ts';
import { headed, methodNamed, takenChoices, takes } from '../../ranking/methods/registry.ts';
import { CHOICE_NAMES, DEFAULT_CHOICES } from '../../ranking/schedules/choices.ts';
import { scoresAlone } from '../../ranking/template.ts';
import { useCollection } from '../../state/evaluate/collection.ts';
import {
  asksModel,
  baseOf,
  choiceLabel,
  DEPTH,
  OFFERED,
  type Recipe,
  type RowSpec,
  rowId,
  rowName,
} from '../../state/evaluate/recipe.ts';
import { addRow, removeRow, setRecipe, useEvaluate } from '../../state/evaluate/store.ts';
import { type ModelEntry, useModels } from '../../state/models/models.ts';
import { CHOICES } from '../../state/settings.ts';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { PoolFields } from './PoolFields.tsx';
import { PresetChoice, PresetNote } from './PresetChoice.tsx';

/** What is compared: rows of a method and a checkpoint, on how many candidates. */
export function MethodsPanel() {
  const recipe = useEvaluate((s) => s.recipe);
  const catalog = (useModels((s) => s.catalog) ?? []).filter(({ remote }) => !remote);
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
  const errors = useEvaluate((s) => s.rowErrors);
  const summary = useCollection((s) => s.summary);
  return (
    <>
      <ul className="evaluate-rows">
        <li className="evaluate-row">
          <span>{recipe.firstStage ?? (summary?.kind === 'hits' ? 'As listed' : 'BM25')}</span>
          <span className="muted">the first stage, always included</span>
        </li>
        {recipe.rows.map((row) => {
          const id = rowId(row);
          const name = rowName(row, catalog, recipe.rows);
          const missing = asksModel(row) && !catalog.some((one) => one.id === row.checkpoint);
          const uncounted = row.method === 'popularity' && summary && !summary.popularity;
          const error = errors.get(rowId(baseOf(row)));
          return (
            <li key={id} className="evaluate-row">
              <span>{name}</span>
              {missing && <span className="evaluate-error">This checkpoint is not here any more.</span>}
              {uncounted && <span className="evaluate-error">{NO_COUNTS} Drop it here, too.</span>}
              {error && (
                <span className="evaluate-error" role="alert">
                  {error.message}
                </span>
              )}
              <Button
                kind="quiet"
                small
                aria-label={`Remove ${name}`}
                disabled={running}
                onClick={() => removeRow(id)}
              >
                <Icon name="close" size={12} />
              </Button>
            </li>
          );
        })}
      </ul>
      <PresetNote recipe={recipe} />
      <AddRow catalog={catalog} disabled={running} />
      <div className="evaluate-fields">
        <NumberField
          label="Depth"
          value={recipe.depth}
          min={DEPTH.min}
          max={DEPTH.max}
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

function AddRow({
  catalog,
  disabled,
}: {
  readonly catalog: readonly ModelEntry[];
  readonly disabled: boolean;
}) {
  const rows = useEvaluate((s) => s.recipe?.rows) ?? [];
  const [method, setMethod] = useState<RowSpec['method']>(OFFERED[0]!.id);
  const [checkpoint, setCheckpoint] = useState('');
  const [choices, setChoices] = useState(DEFAULT_CHOICES);
  const [fusion, setFusion] = useState<Fusion['by'] | ''>('');
  const [weight, setWeight] = useState(DEFAULT_WEIGHT);
  const model = isBaselineId(method) ? null : method;
  // Students are asked once a passage, teachers compare: the likelier checkpoint comes first.
  const likely = model && scoresAlone(methodNamed(model).kind) ? 'student' : 'teacher';
  const chosen =
    catalog.find(({ id }) => id === checkpoint) ?? catalog.find(({ role }) => role === likely) ?? catalog[0];
  const row = rowOf();
  function rowOf(): RowSpec | null {
    if (!model) return { method, checkpoint: '' };
    if (!chosen) return null;
    const how: Fusion | undefined =
      fusion === 'interpolation' ? { by: fusion, weight } : fusion ? { by: fusion } : undefined;
    return { ...takenChoices(model, choices), method: model, checkpoint: chosen.id, fusion: how };
  }
  const there = row !== null && rows.some((one) => rowId(one) === rowId(row));
  return (
    <div className="evaluate-add">
      <Field label="Method">
        {(ids) => (
          <select
            {...ids}
            className="input"
            value={method}
            disabled={disabled}
            onChange={(event) => {
              setMethod(event.target.value as RowSpec['method']);
              setCheckpoint('');
            }}
          >
            {[...OFFERED, ...BASELINES].map(({ id, title }) => (
              <option key={id} value={id}>
                {headed(title)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {model && (
        <Field label="Checkpoint">
          {(ids) => (
            <select
              {...ids}
              className="input"
              value={chosen?.id ?? ''}
              disabled={disabled}
              onChange={(event) => setCheckpoint(event.target.value)}
            >
              {catalog.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {model && (
        <Field label="Fuse with first stage">
          {(ids) => (
            <select
              {...ids}
              className="input"
              value={fusion}
              disabled={disabled}
              onChange={(event) => setFusion(event.target.value as Fusion['by'] | '')}
            >
              <option value="">No</option>
              <option value="rrf">By places (RRF)</option>
              <option value="interpolation">By scores</option>
            </select>
          )}
        </Field>
      )}
      {model && fusion === 'interpolation' && (
        <NumberField
          label="Weight λ of the method"
          value={weight}
          min={0}
          max={1}
          step={0.05}
          onChange={setWeight}
        />
      )}
      {CHOICE_NAMES.filter((name) => model && takes(model, name)).map((name) => (
        <NumberField
          key={name}
          label={choiceLabel(name)}
          value={choices[name]}
          min={CHOICES[name].min}
          max={CHOICES[name].max}
          onChange={(value) => setChoices({ ...choices, [name]: value })}
        />
      ))}
      <Button disabled={disabled || !row || there} onClick={() => row && addRow(row)}>
        Add row
      </Button>
    </div>
  );
}
