/** Parts that the first screen does not show: each is in a file of its own, fetched later. */
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';

type Load<P> = () => Promise<ComponentType<P>>;

const early: Load<never>[] = [];

/**
 * Marks a part that `fetchEarly` fetches. Once there it opens at once, and also when the network, or the build that the
 * page is of, has gone meanwhile.
 */
export function soon<P>(load: Load<P>): Load<P> {
  early.push(load as Load<never>);
  return load;
}

/** Fetches what will be wanted soon, one after the other. What cannot be fetched says so when it is opened. */
export async function fetchEarly(): Promise<void> {
  for (const load of early) await load().catch(() => undefined);
}

/**
 * A component whose file is fetched when it is first shown.
 * @param missing shown in its place where it could not be fetched; @param wait shown until it is there
 */
export function lazyPart<P extends object>(
  load: Load<P>,
  missing: ComponentType<P>,
  wait: ReactNode = null,
): ComponentType<P> {
  const Part = lazy(() =>
    load().then(
      (part) => ({ default: part }),
      () => ({ default: missing }),
    ),
  );
  return (props) => (
    <Suspense fallback={wait}>
      <Part {...props} />
    </Suspense>
  );
}

/** A page of its own. */
export function lazyPage(title: string, load: Load<object>): ComponentType {
  const missing = () => (
    <main className="not-fetched">
      <h2>{title}</h2>
      <NotFetched />
      <p>
        <a href="#/">Back to the Playground</a>
      </p>
    </main>
  );
  return lazyPart(load, missing, <main aria-busy="true" aria-label={title} />);
}

/** In the place of a part that could not be fetched. */
export function NotFetched() {
  return (
    <p role="alert">
      This part of the page could not be fetched. Is the server, or the network, still there? Reload the page
      to try again.
    </p>
  );
}
