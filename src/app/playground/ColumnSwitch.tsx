import { type RefObject, useEffect, useState } from 'react';
import { COLUMNS, type ColumnId } from '../../state/run/run.ts';
import { Segmented } from '../ui/Segmented.tsx';
import { shownNames, useShownAs } from './methods.ts';

/**
 * On a narrow screen the columns lie side by side in a strip as wide as the screen: this control (or
 * a swipe, or focus going there) moves it. No column leaves the accessibility tree.
 */
export function ColumnSwitch({ scroller }: { readonly scroller: RefObject<HTMLElement | null> }) {
  const student = shownNames[useShownAs('student')];
  const options = COLUMNS.map((value) => ({
    value,
    label: value === 'student' ? student : shownNames[value],
  }));
  const [shown, setShown] = useState<ColumnId>('bm25');

  useEffect(() => {
    const strip = scroller.current;
    if (!strip) return;
    const onScroll = () => {
      const at = Math.round(strip.scrollLeft / Math.max(1, strip.clientWidth));
      setShown(COLUMNS[at] ?? 'bm25');
    };
    strip.addEventListener('scroll', onScroll, { passive: true });
    return () => strip.removeEventListener('scroll', onScroll);
  }, [scroller]);

  return (
    <Segmented
      label="Column"
      className="column-switch"
      value={shown}
      options={options}
      onChange={(id) => {
        const strip = scroller.current;
        strip?.scrollTo({ left: COLUMNS.indexOf(id) * strip.clientWidth });
      }}
    />
  );
}
