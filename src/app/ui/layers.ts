/**
 * The stack of open things (dialogs, menus, popovers). Escape always means the innermost one; only
 * with an empty stack does it reach the page's own meaning (Cancel). One listener on the document in
 * the capture phase, so that no component has to know what else is open.
 */
import { useEffect, useRef } from 'react';

type Close = () => void;

const stack: Close[] = [];

function onKeyDown(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.isComposing) return;
  const top = stack.at(-1);
  if (!top) return;
  event.preventDefault();
  event.stopPropagation();
  top();
}

/** Puts something on the stack; the returned function takes it off again. */
export function pushLayer(close: Close): () => void {
  if (stack.length === 0) document.addEventListener('keydown', onKeyDown, true);
  stack.push(close);
  return () => {
    const at = stack.lastIndexOf(close);
    if (at >= 0) stack.splice(at, 1);
    if (stack.length === 0) document.removeEventListener('keydown', onKeyDown, true);
  };
}

/** True while anything is open: page-wide shortcuts wait until it is closed. */
export function anyLayerOpen(): boolean {
  return stack.length > 0;
}

/** Keeps `close` on the stack while `open`. */
export function useLayer(open: boolean, close: Close): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => (open ? pushLayer(() => latest.current()) : undefined), [open]);
}
