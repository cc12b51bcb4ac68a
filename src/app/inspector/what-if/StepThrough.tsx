import { useState } from 'react';
import type { WhatIf } from '../../../analysis/what-if.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { Stepper } from './Stepper.tsx';
import { STEPPED, type Stepped } from './stepped.ts';

/** Heapsort's tree and the window's passes, comparison by comparison. */
export function StepThrough({ result, ids }: { readonly result: WhatIf; readonly ids: readonly string[] }) {
  const [which, choose] = useState<Stepped>('heapsort');
  const [at, go] = useState(0);
  return (
    <section aria-label="Step through">
      <h3>Step through</h3>
      <Stepper course={result.steps[which]} ids={ids} at={at} onStep={go} key={which}>
        <Segmented<Stepped>
          label="Schedule to step through"
          value={which}
          options={STEPPED}
          onChange={(next) => {
            choose(next);
            go(0);
          }}
        />
      </Stepper>
    </section>
  );
}
