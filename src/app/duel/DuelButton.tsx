import { comparingOf } from '../../state/inspector/inspected.ts';
import { useRun } from '../../state/run/run.ts';
import { Button } from '../ui/Button.tsx';

/** To the screen on which people decide pairs first. */
export function DuelButton({ large }: { readonly large?: boolean }) {
  const active = useRun((s) => s.active);
  const run = useRun(comparingOf);
  const ready = !active && run !== null && run.matrix.decided > 0;
  return (
    <Button
      small={!large}
      disabled={!ready}
      title={
        ready
          ? 'Decide pairs yourself, then see what teacher and student said'
          : run && !active
            ? 'This run has no decisions between two passages: rank with a method that compares pairs'
            : 'First rank with the teacher, or open a recording'
      }
      onClick={() => {
        location.hash = '#/duel';
      }}
    >
      Duel
    </Button>
  );
}
