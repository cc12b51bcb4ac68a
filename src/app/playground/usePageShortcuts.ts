import { useEffect } from 'react';
import { useGrades } from '../../state/grades.ts';
import { playground } from '../../state/playground.ts';
import { setPresenting, usePresent } from '../../state/present.ts';
import { useQuerySet } from '../../state/query-set/store.ts';
import { useRun } from '../../state/run/run.ts';
import { anyLayerOpen } from '../ui/layers.ts';
import { hasCommand, isTextEntry } from '../ui/platform.ts';

/**
 * Keys that work anywhere on the Playground: Ctrl/⌘-Enter ranks, Escape cancels (after everything
 * open has been closed), Ctrl/⌘-Z takes a grade back outside text boxes, ? opens the help.
 */
export function usePageShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || anyLayerOpen()) return;
      const act = actionOf(event);
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

function actionOf(event: KeyboardEvent): (() => void) | undefined {
  const command = hasCommand(event);
  if (event.key === 'Enter' && command) return () => playground.rank();
  if (event.key === 'Escape' && usePresent.getState().on) return () => setPresenting(false);
  if (event.key === 'Escape' && useRun.getState().active) return () => playground.cancel();
  if (event.key === 'Escape' && useQuerySet.getState().state === 'running')
    return () => playground.cancelAll();
  if (isTextEntry(event.target)) return undefined;
  if (command && event.key.toLowerCase() === 'z') {
    const { undo, redo } = useGrades.getState();
    return event.shiftKey ? redo : undo;
  }
  if (event.key === '?' && !command) return () => document.getElementById('help-button')?.click();
  return undefined;
}
