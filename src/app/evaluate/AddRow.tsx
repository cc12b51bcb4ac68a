import { useState } from 'react';
import { BASELINES, isBaselineId } from '../../evaluation/baselines/baselines.ts';
import { DEFAULT_WEIGHT, type Fusion } from '../../ranking/fusion.ts';
import { headed, methodNamed, takenChoices, takes, takesWording } from '../../ranking/methods/registry.ts';
import { CHOICE_NAMES, DEFAULT_CHOICES } from '../../ranking/schedules/choices.ts';
import { scoresAlone } from '../../ranking/template.ts';
import { choiceLabel, OFFERED, type RowSpec, rowId } from '../../state/evaluate/recipe.ts';
import { addRow, useEvaluate } from '../../state/evaluate/store.ts';
import type { ModelEntry } from '../../state/models/models.ts';
import { runsOn } from '../../state/models/runs-on.ts';
import { CHOICES } from '../../state/settings.ts';
import { Button } from '../ui/Button.tsx';
import { Field } from '../ui/Field.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { CheckpointField } from './CheckpointField.tsx';
import { PromptField } from './PromptField.tsx';

/** A row put together: method, model, prompt, choices of its schedule, fusion. */
export function AddRow({
  catalog,
  disabled,
}: {
  readonly catalog: readonly ModelEntry[];
  readonly disabled: boolean;
}) {
  const rows = useEvaluate((s) => s.recipe?.rows) ?? [];
  const [method, setMethod] = useState<RowSpec['method']>(OFFERED[0]!.id);
  const [checkpoint, setCheckpoint] = useState('');
  const [template, setTemplate] = useState<RowSpec['template']>(undefined);
  const [choices, setChoices] = useState(DEFAULT_CHOICES);
  const [fusion, setFusion] = useState<Fusion['by'] | ''>('');
  const [weight, setWeight] = useState(DEFAULT_WEIGHT);
  const model = isBaselineId(method) ? null : method;
  const descriptor = model && methodNamed(model);
  const fitting = descriptor ? catalog.filter((entry) => runsOn(descriptor, entry)) : [];
  // Students are asked once a passage, teachers compare: the likelier checkpoint comes first.
  const likely = descriptor && scoresAlone(descriptor.kind) ? 'student' : 'teacher';
  const chosen =
    fitting.find(({ id }) => id === checkpoint) ?? fitting.find(({ role }) => role === likely) ?? fitting[0];
  const row = rowOf();
  function rowOf(): RowSpec | null {
    if (!model) return { method, checkpoint: '' };
    if (!chosen) return null;
    const how: Fusion | undefined =
      fusion === 'interpolation' ? { by: fusion, weight } : fusion ? { by: fusion } : undefined;
    return { ...takenChoices(model, choices), method: model, checkpoint: chosen.id, template, fusion: how };
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
              setTemplate(undefined);
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
      {descriptor && (
        <CheckpointField
          method={descriptor}
          catalog={catalog}
          chosen={chosen}
          disabled={disabled}
          onChange={(id) => {
            setCheckpoint(id);
            setTemplate(undefined);
          }}
        />
      )}
      {model && takesWording(model) && (
        <PromptField
          method={model}
          checkpoint={chosen?.id}
          template={template}
          disabled={disabled}
          onChange={setTemplate}
        />
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
          disabled={disabled}
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
          disabled={disabled}
          onChange={(value) => setChoices({ ...choices, [name]: value })}
        />
      ))}
      <Button disabled={disabled || !row || there} onClick={() => row && addRow(row)}>
        Add row
      </Button>
      {descriptor?.needs === 'relevance' && fitting.length === 0 && (
        <p className="muted evaluate-add-note">
          This needs a cross-encoder: get one under <a href="#/models">Models</a>.
        </p>
      )}
    </div>
  );
}
