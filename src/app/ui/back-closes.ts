/**
 * The Back button closes the innermost dialog before it leaves the screen, as on a phone. While any
 * dialog is open, one entry of our own lies on top of the history: going back takes it off, which
 * closes a dialog instead. An entry that is no longer needed is taken off again, so that the next
 * Back leaves at once.
 */

type Close = () => void;

const MARK = 'rankscope-dialog';
const dialogs: Close[] = [];
/** `history.back()` has been called by us and its popstate has not arrived. */
let leaving = false;

const marked = (): boolean => history.state === MARK;

/** Puts our entry on top, unless it lies there or is being taken off (then `onPop` puts a new one). */
function mark(): void {
  if (!leaving && !marked()) history.pushState(MARK, '');
}

/** Takes our entry off. */
function leave(): void {
  leaving = true;
  history.back();
}

/** At the page's start: an entry of ours on top is that of a dialog that was open when the page was reloaded. */
export function watchBack(): void {
  addEventListener('popstate', onPop);
  if (marked()) leave();
}

function onPop(): void {
  if (leaving) {
    leaving = false;
    if (dialogs.length > 0) mark();
    return;
  }
  if (marked()) {
    // Forward to an entry of ours, or back to one that a link in a dialog left behind.
    if (dialogs.length === 0) leave();
    return;
  }
  dialogs.at(-1)?.();
  // Whatever is still open after React has closed that one needs an entry again.
  setTimeout(() => dialogs.length > 0 && mark());
}

/** A dialog has opened; the returned function says that it has closed. */
export function closeOnBack(close: Close): () => void {
  dialogs.push(close);
  mark();
  return () => {
    dialogs.splice(dialogs.lastIndexOf(close), 1);
    // Later: one dialog often gives way to the next, and that one can use the same entry.
    setTimeout(() => {
      if (dialogs.length === 0 && !leaving && marked()) leave();
    });
  };
}
