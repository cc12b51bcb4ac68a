import { type ReactNode, useId, useRef, useState } from 'react';
import { classes } from './classes.ts';
import { usePopover } from './usePopover.ts';
import './popover.css';

interface Props {
  /** What the trigger shows. */
  readonly trigger: ReactNode;
  /** Said after what the trigger shows, for assistive technology only. */
  readonly more?: string;
  /** Name of the trigger for assistive technology, where what it shows is not enough; begins with what it shows. */
  readonly label?: string;
  readonly className?: string;
  /** Name of the box for assistive technology. */
  readonly title: string;
  readonly children: ReactNode;
}

/** A button that opens a small non-modal box with an explanation. */
export function Popover({ trigger, more, label, className, title, children }: Props) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  usePopover(open, () => setOpen(false), anchor, box);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={classes('popover-trigger', className)}
        aria-label={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {trigger}
        {more && <span className="visually-hidden">: {more}</span>}
      </button>
      {open && (
        <div ref={box} id={id} popover="manual" className="popover" role="dialog" aria-label={title}>
          {children}
        </div>
      )}
    </>
  );
}
