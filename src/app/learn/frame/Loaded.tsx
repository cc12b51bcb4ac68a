import { type ReactNode, useEffect, useState } from 'react';
import { toErrorData } from '../../../errors.ts';
import { Button } from '../../ui/Button.tsx';

interface Props<T> {
  /** Of the same identity as long as the same thing is meant. */
  readonly load: () => Promise<T>;
  readonly title: string;
  readonly children: (value: T) => ReactNode;
}

type Step<T> = { readonly value: T } | { readonly error: string } | undefined;

/** A lesson that needs something from a file before it begins. */
export function Loaded<T>({ load, title, children }: Props<T>) {
  const [step, setStep] = useState<Step<T>>();
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a further try loads again.
  useEffect(() => {
    let current = true;
    setStep(undefined);
    load().then(
      (value) => current && setStep({ value }),
      (error: unknown) => current && setStep({ error: toErrorData(error).message }),
    );
    return () => {
      current = false;
    };
  }, [load, tries]);
  if (step === undefined) return <main className="learn" aria-busy="true" aria-label={title} />;
  if ('value' in step) return children(step.value);
  return (
    <main className="learn" aria-labelledby="learn-title">
      <div className="learn-page">
        <h2 id="learn-title">{title}</h2>
        <p role="alert">{step.error}</p>
        <p>
          <Button onClick={() => setTries(tries + 1)}>Try again</Button> <a href="#/learn">All lessons</a>
        </p>
      </div>
    </main>
  );
}
