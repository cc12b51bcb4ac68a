import type { RankerCard } from '../../../checkpoint/ranker-card.ts';
import { COMPARISONS, type ComparisonName, methodNamed } from '../../../ranking/methods/registry.ts';
import { mayKnow } from '../../../ranking/templates.ts';
import { useModels } from '../../../state/models/models.ts';
import { useSettings } from '../../../state/settings.ts';
import { Field } from '../../ui/Field.tsx';

type Comparison = (typeof COMPARISONS)[number];

const isPairs = ({ method }: Comparison): boolean => methodNamed(method).kind === 'pairwise';

/** What a model on this machine can make: no ranking by a service. */
const CHOICES = COMPARISONS.filter(({ method }) => methodNamed(method).needs !== 'remote');

/** A model that was taught other kinds of prompts, and not this one. */
const untaught = ({ method }: Comparison, card: RankerCard | undefined): boolean =>
  card !== undefined && !mayKnow(method, card.templates);

/** What the teacher compares with what: pairs by a schedule, or several passages in one prompt. */
export function ComparisonField() {
  const { schedule, setSchedule } = useSettings();
  const card = useModels((s) => s.slots.teacher.ready?.card);
  const options = (of: readonly Comparison[]) =>
    of.map((one) => (
      <option key={one.name} value={one.name}>
        {one.title}
        {untaught(one, card) ? ' (not taught)' : ''}
      </option>
    ));
  return (
    <Field label="Pairs to compare">
      {(ids) => (
        <select
          {...ids}
          className="input"
          value={schedule}
          onChange={(event) => setSchedule(event.target.value as ComparisonName)}
        >
          {options(CHOICES.filter(isPairs))}
          <optgroup label="Several at once">{options(CHOICES.filter((one) => !isPairs(one)))}</optgroup>
        </select>
      )}
    </Field>
  );
}

/** That the model was never taught what is chosen, where several passages are to be shown at once. */
export function UntaughtNote() {
  const schedule = useSettings((s) => s.schedule);
  const card = useModels((s) => s.slots.teacher.ready?.card);
  const chosen = COMPARISONS.find(({ name }) => name === schedule)!;
  if (!card || isPairs(chosen) || !untaught(chosen, card)) return null;
  return (
    <p className="field-hint">
      {card.name} was never taught to compare several passages at once: it answers, but its order means
      little. A FLAN-T5 can be asked this; get one under Models.
    </p>
  );
}
