import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import { useTour } from '../../state/tour.ts';
import { Button } from '../ui/Button.tsx';
import { useLayer } from '../ui/layers.ts';
import { placeCard } from './place.ts';
import { TOUR } from './steps.ts';
import './tour.css';

/** The tour, while it runs: a card beside each part of the Playground in turn. The page can be used all the time. */
export function Tour() {
  const step = useTour((s) => s.step);
  return step === null ? null : <TourCard step={step} />;
}

const RING = 6;

function TourCard({ step }: { readonly step: number }) {
  const { go, end } = useTour.getState();
  const stage = useRef<HTMLDivElement>(null);
  const ring = useRef<HTMLDivElement>(null);
  const card = useRef<HTMLDivElement>(null);
  const next = useRef<HTMLButtonElement>(null);
  const id = useId();
  const at = TOUR[step];
  useLayer(true, end);

  useEffect(() => {
    const before = document.activeElement;
    return () => {
      const back = before instanceof HTMLElement && before.isConnected ? before : null;
      (back ?? document.getElementById('help-button'))?.focus({ preventScroll: true });
    };
  }, []);

  useLayoutEffect(() => {
    const shown = stage.current;
    const part = document.querySelector<HTMLElement>(`[data-tour="${at?.part}"]`);
    if (!shown) return;
    if (!shown.matches(':popover-open')) shown.showPopover();
    // Where the page scrolls as a whole, its buttons stay at the lower edge and would cover the part.
    const block = matchMedia('(max-width: 960px)').matches ? 'center' : 'nearest';
    part?.scrollIntoView({ block, inline: 'nearest' });
    const place = (): void => placeAll(part, ring.current, card.current);
    place();
    // What lies on the page moves: models arrive, rows come.
    const watcher = new ResizeObserver(place);
    watcher.observe(document.body);
    if (part) watcher.observe(part);
    addEventListener('resize', place);
    addEventListener('scroll', place, true);
    next.current?.focus({ preventScroll: true });
    return () => {
      watcher.disconnect();
      removeEventListener('resize', place);
      removeEventListener('scroll', place, true);
    };
  }, [at]);

  const last = step === TOUR.length - 1;
  return (
    <div ref={stage} popover="manual" className="tour">
      <div ref={ring} className="tour-ring" />
      <div
        ref={card}
        className="tour-card"
        role="dialog"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
      >
        {/* Focus stays on the button: what is new beside it has to be said. */}
        <div aria-live="polite">
          <p className="muted tour-count">
            Tour, {step + 1} of {TOUR.length}
          </p>
          <h2 id={`${id}-title`}>{at?.title}</h2>
          <p id={`${id}-text`}>{at?.text}</p>
        </div>
        <div className="tour-buttons">
          {!last && (
            <Button kind="link" onClick={end}>
              Skip the tour
            </Button>
          )}
          <span className="tour-space" />
          {step > 0 && (
            <Button small onClick={() => go(step - 1)}>
              Previous
            </Button>
          )}
          <Button ref={next} small kind="primary" onClick={() => (last ? end() : go(step + 1))}>
            {last ? 'Done' : 'Next'}
          </Button>
        </div>
      </div>
    </div>
  );
}

/** Only what can be seen of the part counts; a part that is folded away has no ring. */
function placeAll(part: HTMLElement | null, ring: HTMLElement | null, card: HTMLElement | null): void {
  if (!ring || !card) return;
  const box = part?.getBoundingClientRect();
  const left = Math.max(2, (box?.left ?? 0) - RING);
  const top = Math.max(2, (box?.top ?? 0) - RING);
  const width = Math.min(innerWidth - 2, (box?.right ?? 0) + RING) - left;
  const height = Math.min(innerHeight - 2, (box?.bottom ?? 0) + RING) - top;
  const visible = box !== undefined && box.width > 0 && width > 0 && height > 0;
  ring.hidden = !visible;
  const whole = { width: innerWidth, height: innerHeight };
  const target = visible
    ? { left, top, width, height }
    : { left: 0, top: 0, width: innerWidth, height: innerHeight };
  const to = placeCard(target, { width: card.offsetWidth, height: card.offsetHeight }, whole);
  Object.assign(ring.style, {
    left: `${left}px`,
    top: `${top}px`,
    width: `${width}px`,
    height: `${height}px`,
  });
  Object.assign(card.style, { left: `${to.left}px`, top: `${to.top}px` });
}
