import { takes } from '../../../ranking/methods/registry.ts';
import { CHOICE_NAMES, type ScheduleChoices } from '../../../ranking/schedules/choices.ts';
import { methodOf } from '../../../state/models/templates.ts';
import { CANDIDATES, CHOICES, useSettings } from '../../../state/settings.ts';
import { NumberField } from '../../ui/NumberField.tsx';
import { Bm25Fields } from './Bm25Fields.tsx';
import { ComparisonField, UntaughtNote, useUntaught } from './ComparisonField.tsx';
import { FusionField } from './FusionField.tsx';
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
    hint: 'Only these places are settled, which saves calls; those below stand by what is known.',
  },
  budget: {
    label: 'Calls',
    hint: 'Comparisons, drawn at random so that they connect all candidates. 56 are all pairs of 8.',
  },
  setSize: { label: 'Shown at once', hint: 'Passages in one prompt, of which the model names the best.' },
  window: { label: 'Window', hint: 'Passages in one prompt, which the model puts in order.' },
  step: { label: 'Step', hint: 'Places that the window moves up, so that good passages rise with it.' },
  repeats: { label: 'Passes', hint: 'Times that the window goes over the whole list.' },
};

/** How many candidates; then what is chosen for the teacher, for the student, and for BM25. */
export function MethodFields() {
  const s = useSettings();
  const untaught = useUntaught();
  return (
    <>
      <div className="field-beside">
        <NumberField
          label="Candidates"
          value={s.k}
          min={CANDIDATES.min}
          max={CANDIDATES.max}
          onChange={s.setK}
        />
      </div>
      <ComparisonField />
      <UntaughtNote />
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
      <TemplateField slot="teacher" label="Teacher prompt" warned={untaught !== null} />
      <StudentMethodField />
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
      <FusionField />
      <Bm25Fields />
    </>
  );
}
