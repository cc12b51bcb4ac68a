import { COMPARISONS, methodNamed, methodOfComparison } from '../../../ranking/methods/registry.ts';
import { useEstimate } from '../../../state/readings/selectors.ts';
import type { ColumnId } from '../../../state/run/run.ts';
import { useSettings } from '../../../state/settings.ts';
import { useShownAs } from '../methods.ts';
import { introduction } from './introductions.ts';

/** What an empty column says about itself. */
export function Introduction({ id }: { readonly id: ColumnId }) {
  const method = useShownAs(id);
  const estimate = useEstimate();
  const schedule = useSettings((s) => s.schedule);
  const { calls, upperBound, cached } = estimate[id === 'teacher' ? 'teacher' : 'student'];
  const comparing = methodNamed(methodOfComparison(schedule));
  const alone = useSettings((s) => methodNamed(s.studentMethod).kind);
  const shown = useSettings((s) => comparing.shows?.(s));
  const [does, takes] = introduction(method, {
    kind: id === 'teacher' ? comparing.kind : alone,
    shown: shown ?? 2,
    // A pointwise method asks one call a candidate.
    candidates: estimate.student.calls,
    calls,
    upTo: upperBound,
    cached,
    schedule: COMPARISONS.find(({ name }) => name === schedule)?.title ?? '',
  });
  return (
    <>
      <p className="column-does">{does}</p>
      <p>{takes}</p>
    </>
  );
}
