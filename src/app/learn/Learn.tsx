import { lazy, Suspense } from 'react';

/** Fetched when Learn is opened: the Playground's first load has nothing of it. */
const LearnPage = lazy(() =>
  import('./LearnPage.tsx').then(
    (module) => ({ default: module.LearnPage }),
    () => ({ default: NotLoaded }),
  ),
);

export function Learn() {
  return (
    <Suspense fallback={<main aria-busy="true" aria-label="Learn" />}>
      <LearnPage />
    </Suspense>
  );
}

function NotLoaded() {
  return (
    <main className="not-loaded">
      <h2>Learn</h2>
      <p role="alert">
        The lessons could not be fetched. Is the server, or the network, still there? Reload the page to try
        again.
      </p>
    </main>
  );
}
