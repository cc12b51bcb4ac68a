import { useSettings } from '../../../state/settings.ts';
import { BaseFacts } from './BaseFacts.tsx';

/** The Student column asks the base its own Yes / No question instead: the same calls, without distillation. */
export function BaseSwitch() {
  const mode = useSettings((s) => s.studentMode);
  const setMode = useSettings((s) => s.setStudentMode);
  const on = mode === 'base';
  return (
    <span className="base-switch">
      <button
        type="button"
        className="switch"
        role="switch"
        aria-checked={on}
        title="Ask the model before distillation Yes or No about each passage, with as many calls"
        onClick={() => setMode(on ? 'student' : 'base')}
      >
        <span className="switch-track" aria-hidden="true" />
        <span>
          Base<span className="base-long"> (not distilled)</span>
        </span>
      </button>
      <BaseFacts />
    </span>
  );
}
