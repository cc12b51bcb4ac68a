import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Icon } from './Icon.tsx';
import { usePopover } from './usePopover.ts';
import './popover.css';

export interface MenuItem {
  readonly label: string;
  readonly onSelect: () => void;
  /** Present: a choice among several, ticked when true. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
}

interface Props {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** What the button shows; its name by default. */
  readonly trigger?: ReactNode;
  readonly className?: string;
  readonly tabIndex?: number;
}

/** A menu button as in the ARIA practices: arrows, Home, End, first letter; Escape goes back to the button. */
export function MenuButton({ label, items, trigger, className = 'button button-quiet', tabIndex }: Props) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  usePopover(open, () => setOpen(false), anchor, box);

  useEffect(() => {
    if (!open) return;
    const chosen = box.current?.querySelector<HTMLElement>('[aria-checked="true"]');
    (chosen ?? box.current?.querySelector<HTMLElement>('.menu-item'))?.focus();
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Keys belong to the menu while it is open, whatever it lies on.
    event.stopPropagation();
    const all = [...(box.current?.querySelectorAll<HTMLElement>('.menu-item') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const go = (to: number) => {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    };
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(-1);
    else if (event.key === 'Tab') setOpen(false);
    else if (event.key.length === 1 && event.key !== ' ') {
      const next = all.findIndex((item) =>
        item.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()),
      );
      if (next >= 0) go(next);
    }
  };

  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={className}
        tabIndex={tabIndex}
        aria-label={trigger === undefined ? undefined : label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={(event) => {
          event.stopPropagation();
          setOpen(!open);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            event.stopPropagation();
            setOpen(true);
          }
        }}
      >
        {trigger ?? (
          <>
            {label}
            <Icon name="chevron" size={12} />
          </>
        )}
      </button>
      {open && (
        <div
          ref={box}
          id={id}
          popover="manual"
          className="popover menu"
          role="menu"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={onKeyDown}
        >
          {items.map((item) => (
            // biome-ignore lint/a11y/useAriaPropsSupportedByRole: with aria-checked the role is menuitemradio.
            <button
              key={item.label}
              type="button"
              className="menu-item"
              role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.checked}
              aria-disabled={item.disabled || undefined}
              tabIndex={-1}
              onClick={(event) => {
                event.stopPropagation();
                if (item.disabled) return;
                setOpen(false);
                item.onSelect();
              }}
            >
              {item.label}
              {item.checked !== undefined && (
                <span className="menu-check">{item.checked && <Icon name="check" />}</span>
              )}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
