import { useLayoutEffect, useRef } from 'react';
import temml from 'temml';
import { classes } from '../../ui/classes.ts';

interface Props {
  /** LaTeX; `\class{name}{…}` gives a part the colour of what it stands for. */
  readonly tex: string;
  readonly display?: boolean;
}

/** A formula as MathML, which browsers draw and screen readers read. */
export function Formula({ tex, display = false }: Props) {
  const at = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    // As nodes, not as text: the page's policy forbids inline styles in markup.
    if (at.current) {
      temml.render(tex, at.current, { displayMode: display, trust: true, throwOnError: false });
    }
  }, [tex, display]);
  return <span ref={at} className={classes('formula', display && 'formula-display')} />;
}
