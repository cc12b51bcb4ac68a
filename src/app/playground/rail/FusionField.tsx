import { DEFAULT_WEIGHT, type Fusion, fusionText } from '../../../ranking/fusion.ts';
import { useModels } from '../../../state/models/models.ts';
import { useSettings } from '../../../state/settings.ts';
import { Field } from '../../ui/Field.tsx';
import { NumberField } from '../../ui/NumberField.tsx';
import { formatNumber } from '../../ui/numbers.ts';

/**
 * Whether the Student column shows its own ranking or one fused with BM25's. The base is not fused. The weight begins with
 * what the student's card says was best, if it says so.
 */
export function FusionField() {
  const fusion = useSettings((s) => s.fusion);
  const base = useSettings((s) => s.studentMode === 'base');
  const setFusion = useSettings((s) => s.setFusion);
  const tuned = useModels((s) => s.slots.student.ready?.card.fusion);
  if (base) return null;
  return (
    <div className="field-row">
      <Field
        label="Fuse with BM25"
        hint={
          fusion?.by === 'interpolation' &&
          tuned &&
          `${fusionText({ by: 'interpolation', weight: tuned.weight })} was best for this student on ${formatNumber(tuned.queries)} held-out queries.`
        }
      >
        {(ids) => (
          <select
            {...ids}
            className="input"
            value={fusion?.by ?? ''}
            onChange={(event) => setFusion(fusionBy(event.target.value, tuned?.weight))}
          >
            <option value="">No</option>
            <option value="rrf">By places (RRF)</option>
            <option value="interpolation">By scores</option>
          </select>
        )}
      </Field>
      {fusion?.by === 'interpolation' && (
        <NumberField
          label="Weight λ of the student"
          value={fusion.weight}
          min={0}
          max={1}
          step={0.05}
          onChange={(weight) => setFusion({ by: 'interpolation', weight })}
        />
      )}
    </div>
  );
}

function fusionBy(by: string, weight = DEFAULT_WEIGHT): Fusion | null {
  if (by === 'rrf') return { by };
  return by === 'interpolation' ? { by, weight } : null;
}
