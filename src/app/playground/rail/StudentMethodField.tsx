import { headed, type MethodId, methodNamed } from '../../../ranking/methods/registry.ts';
import { STUDENT_METHODS } from '../../../state/models/student-methods.ts';
import { useSettings } from '../../../state/settings.ts';
import { Field } from '../../ui/Field.tsx';

/** How the Student column scores a passage. */
export function StudentMethodField() {
  const method = useSettings((s) => s.studentMethod);
  const base = useSettings((s) => s.studentMode === 'base');
  const choose = useSettings((s) => s.setStudentMethod);
  return (
    <Field label="Student method" hint={base && 'The Base switch asks Yes or No instead.'}>
      {(ids) => (
        <select
          {...ids}
          className="input"
          value={method}
          disabled={base}
          onChange={(event) => choose(event.target.value as MethodId)}
        >
          {STUDENT_METHODS.map((id) => (
            <option key={id} value={id}>
              {optionText(id)}
            </option>
          ))}
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
