import { useState } from 'react';
import { notify } from '../../state/notices.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';

/** Shows an id and copies it. */
export function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      small
      className="mono"
      aria-label={`Copy id ${text}`}
      onClick={async () => {
        try {
          await navigator.clipboard.writeText(text);
          setCopied(true);
          setTimeout(() => setCopied(false), 2000);
        } catch {
          notify('warning', `The browser did not allow copying. The id is ${text}`);
        }
      }}
    >
      {text}
      <Icon name={copied ? 'check' : 'copy'} size={13} />
      <span className="visually-hidden" aria-live="polite">
        {copied ? 'Copied' : ''}
      </span>
    </Button>
  );
}
