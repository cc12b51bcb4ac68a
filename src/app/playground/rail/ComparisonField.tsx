import type { RankerCard } from '../../../checkpoint/ranker-card.ts';
import { COMPARISONS, type ComparisonName, methodNamed } from '../../../ranking/methods/registry.ts';
import { mayKnow } from '../../../ranking/templates.ts';
import { useModels } from '../../../state/models/models.ts';
import { runsOn } from '../../../state/models/runs-on.ts';
import { useSettings } from '../../../state/settings.ts';
import { Field } from '../../ui/Field.tsx';

type Comparison = (typeof COMPARISONS)[number];

const isPairs = ({ method }: Comparison): boolean => methodNamed(method).kind === 'pairwise';

/** A model that was taught other kinds of prompts, and not this one. */
const untaught = ({ method }: Comparison, card: RankerCard | undefined): boolean =>
  card !== undefined && !mayKnow(method, card.templates);

/** What the teacher compares with what: pairs by a schedule, or several passages in one prompt. */
export function ComparisonField() {
  const { schedule, setSchedule } = useSettings();
  const card = useModels((s) => s.slots.teacher.ready?.card);
  const teacher = useSettings((s) => s.models.teacher);
  const asked = useModels((s) => s.catalog?.find(({ id }) => id === teacher));
  const choices = COMPARISONS.filter(({ method }) => runsOn(methodNamed(method), asked));
  const several = choices.filter((one) => !isPairs(one));
  const none = several.every((one) => untaught(one, card));
  const options = (of: readonly Comparison[]) =>
    of.map((one) => (
      <option key={one.name} value={one.name}>
        {one.title}
        {untaught(one, card) && !(none && several.includes(one)) ? ' (not taught)' : ''}
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
          {options(choices.filter(isPairs))}
          <optgroup label={none ? 'Several at once (not taught)' : 'Several at once'}>
            {options(several)}
          </optgroup>
        </select>
      )}
    </Field>
  );
}

/** The teacher's name, where it was never taught what is chosen: to see several passages at once. */
export function useUntaught(): string | null {
  const schedule = useSettings((s) => s.schedule);
  const card = useModels((s) => s.slots.teacher.ready?.card);
  const chosen = COMPARISONS.find(({ name }) => name === schedule)!;
  return card && !isPairs(chosen) && untaught(chosen, card) ? card.name : null;
}

/** Says so, and what to do about it. */
export function UntaughtNote() {
  const name = useUntaught();
  if (name === null) return null;
  return (
    <p className="field-hint">
      {name} was never taught to compare several passages at once: it answers, but its order means little. A
      FLAN-T5 can do this; get one under <a href="#/models">Models</a>.
    </p>
  );
}
