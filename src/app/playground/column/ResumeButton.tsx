import { playground } from '../../../state/playground.ts';
import type { ColumnId } from '../../../state/run/run.ts';
import { Button } from '../../ui/Button.tsx';
import { columnNames } from '../methods.ts';

/** Goes on where a cancelled column stopped; nothing is asked twice. */
export function ResumeButton({ id }: { readonly id: ColumnId }) {
  return (
    <Button
      kind="link"
      className="column-resume"
      aria-label={`Resume ${columnNames[id]}`}
      onClick={() => playground.resume(id)}
    >
      Resume
    </Button>
  );
}
