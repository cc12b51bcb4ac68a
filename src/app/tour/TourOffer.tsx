import { useTour } from '../../state/tour.ts';
import { Button } from '../ui/Button.tsx';
import './tour.css';

/**
 * On a first visit, one line above the Playground. It covers nothing and takes no focus: whoever comes to work can begin at
 * once.
 */
export function TourOffer() {
  const offered = useTour((s) => s.offered);
  const { start, end } = useTour.getState();
  if (!offered) return null;
  return (
    <section className="tour-offer" aria-label="Tour">
      <p>New here? Eight short steps show what happens on this page.</p>
      <Button small kind="primary" onClick={start}>
        Take the tour
      </Button>
      <Button small onClick={end}>
        Skip the tour
      </Button>
    </section>
  );
}
