import { useSettings } from '../../../state/settings.ts';

/** The Student column shows relevance generation with the base instead: what distillation gave. */
export function BaseSwitch() {
  const mode = useSettings((s) => s.studentMode);
  const setMode = useSettings((s) => s.setStudentMode);
  const on = mode === 'rg';
  return (
    <button
      type="button"
      className="switch"
      role="switch"
      aria-checked={on}
      title="Rank by relevance generation with the checkpoint before distillation"
      onClick={() => setMode(on ? 'student' : 'rg')}
    >
      <span className="switch-track" aria-hidden="true" />
      Base (not distilled)
    </button>
  );
}
