import { type ReactNode, useState } from 'react';
import { notify } from '../../state/notices.ts';
import { Button } from '../ui/Button.tsx';
import { copyText } from '../ui/copy-text.ts';
import { Icon } from '../ui/Icon.tsx';

interface Props {
  readonly text: string;
  /** Accessible name. */
  readonly name: string;
  /** What to say where the browser forbids copying. */
  readonly failed: string;
  /** Shown before the icon. */
  readonly children?: ReactNode;
  readonly className?: string;
  readonly small?: boolean;
}

/** Copies a text. */
export function CopyButton({ text, name, failed, children, className, small = true }: Props) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      small={small}
      className={className}
      aria-label={name}
      title={children ? undefined : name}
      onClick={async () => {
        try {
          await copyText(text);
          setCopied(true);
          setTimeout(() => setCopied(false), 2000);
        } catch {
          notify('warning', failed);
        }
      }}
    >
      {children}
      <Icon name={copied ? 'check' : 'copy'} size={13} />
      <span className="visually-hidden" aria-live="polite">
        {copied ? 'Copied' : ''}
      </span>
    </Button>
  );
}
