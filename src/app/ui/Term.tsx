import type { ReactNode } from 'react';
import { glossary, type TermId } from '../glossary.ts';
import { Popover } from './Popover.tsx';

/** A word that opens its explanation: one sentence, by click, tap or key. */
export function Term({ id, children }: { readonly id: TermId; readonly children?: ReactNode }) {
  const [term, sentence] = glossary[id];
  return (
    <Popover
      title={term}
      className="term"
      label={typeof children === 'string' ? `${children}: what it means` : `${term}: what it means`}
      trigger={children ?? term}
    >
      <p>{sentence}</p>
    </Popover>
  );
}
