import { SCHEDULES, type ScheduleName, takes } from '../../../ranking/methods/registry.ts';
import { CHOICE_NAMES, type ScheduleChoices } from '../../../ranking/schedules/choices.ts';
import { methodOf } from '../../../state/models/templates.ts';
import { CANDIDATES, CHOICES, useSettings } from '../../../state/settings.ts';
import { Field } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { Bm25Fields } from './Bm25Fields.tsx';
import { StudentMethodField } from './StudentMethodField.tsx';
import { TemplateField } from './TemplateField.tsx';

const CHOICE_WORDS: Readonly<
  Record<keyof ScheduleChoices, { readonly label: string; readonly hint: string }>
> = {
  passes: {
    label: 'Passes',
    hint: 'Each pass carries the next best passage to the top: n passes settle the top n.',
  },
  top: {
    label: 'Top',
    hint: 'These places come out as with all pairs, with fewer calls; those below stand by what is known.',
  },
};

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
      {CHOICE_NAMES.filter((name) => takes(methodOf('teacher', s), name)).map((name) => (
        <div className="field-row passes" key={name}>
          <NumberField
            label={CHOICE_WORDS[name].label}
            value={s[name]}
            min={CHOICES[name].min}
            max={CHOICES[name].max}
            onChange={(value) => s.setChoice(name, value)}
          />
          <p className="field-hint">{CHOICE_WORDS[name].hint}</p>
        </div>
      ))}
      <StudentMethodField />
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
