import { lazy, Suspense } from 'react';
import { Button } from '../ui/Button.tsx';

/** Fetched when it is first wanted: the Playground's first load has nothing of it. */
const Duel = lazy(() =>
  import('./Duel.tsx').then(
    (module) => ({ default: module.Duel }),
    () => ({ default: NotLoaded }),
  ),
);

export function DuelScreen() {
  return (
    <Suspense fallback={<main aria-busy="true" aria-label="Duel" />}>
      <Duel />
    </Suspense>
  );
}

function NotLoaded() {
  return (
    <main className="not-loaded">
      <h2>Duel</h2>
      <p role="alert">
        The duel could not be fetched. Is the server, or the network, still there? Reload the page to try
        again.
      </p>
      <Button
        onClick={() => {
          location.hash = '#/';
        }}
      >
        Leave
      </Button>
    </main>
  );
}
