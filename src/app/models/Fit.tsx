import { fitOf } from '../../checkpoint/fit.ts';
import type { RankerCard } from '../../checkpoint/ranker-card.ts';
import { useModels } from '../../state/models/models.ts';
import { useSettings } from '../../state/settings.ts';

/** What to know of a checkpoint in its column, beside the one in the other: nothing where all is as expected. */
export function Fit({ slot, card }: { readonly slot: 'student' | 'teacher'; readonly card: RankerCard }) {
  const other = useModels((s) => s.slots[slot === 'student' ? 'teacher' : 'student'].ready?.card);
  const mode = useSettings((s) => s.studentMode);
  const notes = fitOf(slot === 'student' ? mode : 'teacher', card, other);
  return notes.map(({ code, text }) => (
    <p key={code} className="card-description muted">
      {text}
    </p>
  ));
}
