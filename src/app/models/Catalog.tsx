import { entryFor } from '../../state/models/model-slots.ts';
import { type ModelEntry, useModels } from '../../state/models/models.ts';
import { useSettings } from '../../state/settings.ts';
import type { ScorerSlot } from '../../workers/types.ts';
import { Button } from '../ui/Button.tsx';
import { formatBytes } from '../ui/numbers.ts';

/** The page's own checkpoints; one that its column does not have can be chosen. */
export function Catalog({ catalog }: { readonly catalog: readonly ModelEntry[] }) {
  const slots = useModels((s) => s.slots);
  const { chooseModel, models } = useSettings();
  const all = useModels((s) => s.catalog) ?? catalog;
  return (
    <section className="card" aria-label="Checkpoints of this page">
      <h3 className="card-name">Comes with this page</h3>
      <ul className="catalog">
        {catalog.map((model) => {
          const slot: ScorerSlot = model.role === 'student' ? 'student' : 'teacher';
          const used = (['student', 'teacher'] as const).filter((id) => slots[id].model?.id === model.id);
          const choice = entryFor(slot, { models, studentMode: 'student' }, all)?.id !== model.id;
          const column = slot === 'student' ? 'Student' : 'Teacher';
          return (
            <li key={model.id}>
              <span>
                <strong>{model.name}</strong> · {model.role} · {formatBytes(model.bytes)}
              </span>
              {used.length > 0 && <span className="in-use">in use</span>}
              {choice && (
                <Button
                  small
                  onClick={() => chooseModel(slot, model.id)}
                  aria-label={`Use ${model.name} as ${column}`}
                >
                  Use as {column}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
