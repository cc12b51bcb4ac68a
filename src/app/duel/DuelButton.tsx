import { comparingOf } from '../../state/inspector/inspected.ts';
import { useRun } from '../../state/run/run.ts';
import { Button } from '../ui/Button.tsx';

/** To the screen on which people decide pairs first. */
export function DuelButton({ large }: { readonly large?: boolean }) {
  const ready = useRun((s) => !s.active && (comparingOf(s)?.matrix.decided ?? 0) > 0);
  return (
    <Button
      small={!large}
      disabled={!ready}
      title={
        ready
          ? 'Decide pairs yourself, then see what teacher and student said'
          : 'Rank with the teacher, or open a recording, first'
      }
      onClick={() => {
        location.hash = '#/duel';
      }}
    >
      Duel
    </Button>
  );
}
