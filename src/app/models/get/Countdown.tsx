import { useEffect, useState } from 'react';
import type { Waiting } from '../../../workers/download-protocol.ts';

/** What is left of a wait, for the eye alone: the message beside it has said how long it takes. */
export function Countdown({ waiting }: { readonly waiting: Waiting }) {
  const { seconds } = waiting;
  const [left, setLeft] = useState(seconds);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another wait of the same length begins anew
  useEffect(() => {
    setLeft(seconds);
    const began = performance.now();
    const timer = setInterval(() => {
      setLeft(Math.ceil(seconds - (performance.now() - began) / 1000));
    }, 1000);
    return () => clearInterval(timer);
  }, [waiting]);
  if (left >= seconds || left < 1) return null;
  return (
    <span className="muted" aria-hidden="true">
      {` (${left} s left)`}
    </span>
  );
}
