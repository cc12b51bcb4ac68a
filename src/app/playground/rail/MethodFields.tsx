import { SCHEDULES, type ScheduleName, takes } from '../../../ranking/methods/registry.ts';
import { methodOf, passesOf } from '../../../state/models/templates.ts';
import { CANDIDATES, useSettings } from '../../../state/settings.ts';
import { Field } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Bm25Fields } from './Bm25Fields.tsx';
import { TemplateField } from './TemplateField.tsx';

/** How many candidates, which comparisons, which wording. */
export function MethodFields() {
  const s = useSettings();
  return (
    <>
      <div className="field-row">
        <NumberField
          label="Candidates"
          value={s.k}
          min={CANDIDATES.min}
          max={CANDIDATES.max}
          onChange={s.setK}
        />
        <Field label="Pairs to compare">
          {(ids) => (
            <select
              {...ids}
              className="input"
              value={s.schedule}
              onChange={(event) => s.setSchedule(event.target.value as ScheduleName)}
            >
              {SCHEDULES.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {passesOf('teacher', s) !== null && (
        <div className="field-row passes">
          <NumberField label="Passes" value={s.passes} min={1} max={99} onChange={s.setPasses} />
          <p className="field-hint">
            Each pass carries the next best passage to the top: n passes settle the top n.
          </p>
        </div>
      )}
      <TemplateField slot="teacher" label="Teacher prompt" />
      <TemplateField slot="student" label="Student prompt" />
      {takes(methodOf('student', s), 'trueProbabilities') && (
        <label className="check">
          <input
            type="checkbox"
            checked={s.trueProbabilities}
            onChange={(event) => s.setTrueProbabilities(event.target.checked)}
          />
          Rank by true probabilities (Eq. 2)
        </label>
      )}
      <Bm25Fields />
    </>
  );
}
