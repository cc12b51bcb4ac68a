import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from './Button.tsx';
import { closeOnBack } from './back-closes.ts';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import { useLayer } from './layers.ts';
import './dialog.css';

interface Props {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the foot, the safest choice first. */
  readonly actions?: ReactNode;
  readonly wide?: boolean;
}

/**
 * A modal dialog on the platform's own <dialog>: the page behind is inert, focus is kept inside and
 * goes back to where it was. Mount it to open it. A click on the backdrop or the Back button closes.
 */
export function Dialog({ title, onClose, children, actions, wide }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const latest = useRef(onClose);
  latest.current = onClose;
  useLayer(true, onClose);
  useEffect(() => closeOnBack(() => latest.current()), []);

  useEffect(() => {
    const before = document.activeElement;
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click is on the backdrop; the key for the same is Escape.
    <dialog
      ref={ref}
      className={classes('dialog', wide && 'dialog-wide')}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div className="dialog-box">
        <header className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <Button kind="quiet" small className="dialog-close" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </Button>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by key. */}
        <section className="dialog-body" tabIndex={0} aria-labelledby={heading}>
          {children}
        </section>
        {actions && <footer className="dialog-foot">{actions}</footer>}
      </div>
    </dialog>
  );
}
