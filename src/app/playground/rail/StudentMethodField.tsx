import { crossEncoder } from '../../../ranking/methods/cross-encoder/method.ts';
import { headed, type MethodId, methodNamed } from '../../../ranking/methods/registry.ts';
import { studentEntry } from '../../../state/models/fitting.ts';
import { useModels } from '../../../state/models/models.ts';
import { runsOn } from '../../../state/models/runs-on.ts';
import { STUDENT_METHODS } from '../../../state/models/student-methods.ts';
import { useSettings } from '../../../state/settings.ts';
import { Field } from '../../ui/Field.tsx';

/** How the Student column scores a passage: those methods that its model can run. */
export function StudentMethodField() {
  const method = useSettings((s) => s.studentMethod);
  const base = useSettings((s) => s.studentMode === 'base');
  const choose = useSettings((s) => s.setStudentMethod);
  const catalog = useModels((s) => s.catalog);
  // Which entry it is follows from these.
  useSettings((s) => s.models.student);
  const entry = catalog && studentEntry(catalog);
  const hint = base
    ? 'The Base switch asks Yes or No instead.'
    : method === crossEncoder.id && entry && `${entry.name} is a cross-encoder: it scores in this way alone.`;
  return (
    <Field label="Student method" hint={hint}>
      {(ids) => (
        <select
          {...ids}
          className="input"
          value={method}
          disabled={base}
          onChange={(event) => choose(event.target.value as MethodId)}
        >
          {STUDENT_METHODS.map((id) => {
            const fits = !entry || runsOn(methodNamed(id), entry);
            return (
              <option key={id} value={id} disabled={!fits}>
                {optionText(id)}
                {!fits && (id === crossEncoder.id ? ' · needs a cross-encoder' : ' · needs a T5')}
              </option>
            );
          })}
        </select>
      )}
    </Field>
  );
}

/** With what stands above its scores, e.g. `Query likelihood (mean log p)`. */
function optionText(id: MethodId): string {
  const { title, style } = methodNamed(id);
  return `${headed(title)} (${style.label})`;
}
